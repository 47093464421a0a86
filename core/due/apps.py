"""Django's entry to due work."""

from django.apps import AppConfig


class DueConfig(AppConfig):
    name = "core.due"
    label = "due"
    default_auto_field = "django.db.models.UUIDField"

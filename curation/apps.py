"""Django's entry to curation: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"
    default_auto_field = "django.db.models.UUIDField"

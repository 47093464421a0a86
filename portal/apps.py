"""Django's entry to portal: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.UUIDField"

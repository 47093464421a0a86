"""Django's entry to registry: registers its work, its duties and what it listens to."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.UUIDField"

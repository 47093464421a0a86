"""Django's entry to object storage."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "core.storage"
    label = "storage"
    default_auto_field = "django.db.models.UUIDField"

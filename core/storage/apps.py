"""Django's entry to object storage."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "core.storage"
    label = "storage"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from core.due.kinds import sweep
        from core.storage import orphans, whole
        from core.storage.reap import reap
        from core.storage.signed_last import register

        register()
        sweep("storage.reap", reap, every_seconds=300)
        sweep("storage.check", whole.sweep, every_seconds=300)
        sweep("storage.orphans", orphans.sweep, every_seconds=300)

"""Django's entry to notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "core.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from core.notifications import tasks  # noqa: F401  (registers the kind of work)

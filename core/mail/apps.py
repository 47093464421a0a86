"""Django's entry to waiting e-mails."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "core.mail"
    label = "mail"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from core.mail import tasks  # noqa: F401  (registers the kind of work)

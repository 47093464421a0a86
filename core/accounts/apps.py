"""Django's entry to accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from core.accounts import languages, openapi  # noqa: F401  (listens to signing in; registers the token's scheme)
        from core.accounts.work import forget_sessions
        from core.due.kinds import sweep

        sweep("accounts.sessions", forget_sessions, every_seconds=3600)

"""Django's entry to the audit trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "core.audit"
    label = "audit"
    default_auto_field = "django.db.models.UUIDField"

    def ready(self) -> None:
        from core.audit.work import seal_all
        from core.due.kinds import sweep

        # First of all sweeps: what others look for, such as new heads, is there for them.
        sweep("audit.seal", seal_all, every_seconds=2)
        from core.append_only import install, watch
        from core.audit import tasks  # noqa: F401  (registers the kinds of work)
        from core.audit.models import GUARDS

        watch(*GUARDS)
        post_migrate.connect(install, sender=self, dispatch_uid="append_only.guards")

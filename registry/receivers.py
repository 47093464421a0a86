"""What the registry does when a donor withdraws: in the same transaction, all use of their images stops."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consent.signals import withdrawn
from core.actors import SystemActor
from core.due.queue import ask
from registry import tasks, work

WITHDRAWER = SystemActor("withdrawer")


@receiver(withdrawn, dispatch_uid="registry.withdrawn")
def stop_all_use(donor_id: UUID, **_: Any) -> None:
    """Stops use now; if this fails, the withdrawal fails with it and is tried again by the donor, never half done."""
    for version in work.stop_use(donor_id, by=WITHDRAWER):
        ask(tasks.FREEZE, version.pk)

"""What curation listens to: a donation that was submitted is cleaned at once."""

from uuid import UUID

from django.dispatch import receiver

from core.due.queue import ask
from curation import tasks
from registry.signals import donation_submitted


@receiver(donation_submitted, dispatch_uid="curation.clean")
def clean_what_was_submitted(donation_id: UUID, **_: object) -> None:
    """Makes the cleaning due, in the transaction that submits."""
    ask(tasks.CLEAN, donation_id)

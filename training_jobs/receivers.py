"""What training jobs listen to: a donor withdraws, or changes what the gift may be used for."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consent.signals import changed, withdrawn
from core.due.queue import ask
from training_jobs import tasks, work


@receiver(withdrawn, dispatch_uid="training_jobs.withdrawn")
def on_withdrawal(donor_id: UUID, **rest: Any) -> None:
    """In the donor's own transaction: jobs are marked at once, and looked at by the next free worker."""
    work.mark(donor_id, by=work.RUNNER)
    look_at(donor_id)


@receiver(changed, dispatch_uid="training_jobs.changed")
def on_change(donor_id: UUID, **rest: Any) -> None:
    """Jobs under way ask again whether they may go on."""
    look_at(donor_id)


def look_at(donor_id: UUID) -> None:
    """Makes a step due for each job under way that has the donor's images."""
    for job_id in work.under_way_with(donor_id):
        ask(tasks.STEP, job_id)

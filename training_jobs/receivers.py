"""What training jobs listen to: a donor withdraws or changes their choices; data are reported, and reports decided."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consent.signals import changed, withdrawn
from core.due.queue import ask
from registry.signals import identity_reported, report_decided
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


@receiver(identity_reported, dispatch_uid="training_jobs.identity_reported")
def on_report(report_id: UUID, **rest: Any) -> None:
    """In the report's own transaction: jobs that use what it names are marked, and outputs kept back."""
    for job_id in work.stop_recalled(report_id, by=work.RUNNER):
        ask(tasks.STEP, job_id)


@receiver(report_decided, dispatch_uid="training_jobs.report_decided")
def on_decision(report_id: UUID, **rest: Any) -> None:
    """What no report stops any more is given out again."""
    work.keep_back(by=work.RUNNER)


def look_at(donor_id: UUID) -> None:
    """Makes a step due for each job under way that has the donor's images."""
    for job_id in work.under_way_with(donor_id):
        ask(tasks.STEP, job_id)

"""What curation listens to: a submitted donation is cleaned; what is reported is named, what is confirmed goes."""

from uuid import UUID

from django.dispatch import receiver

from core.due.queue import ask
from curation import tasks
from curation.work.condemn import name_series
from registry.signals import donation_submitted, identity_reported, report_decided


@receiver(donation_submitted, dispatch_uid="curation.clean")
def clean_what_was_submitted(donation_id: UUID, **_: object) -> None:
    """Makes the cleaning due, in the transaction that submits."""
    ask(tasks.CLEAN, donation_id)


@receiver(identity_reported, dispatch_uid="curation.identity_reported")
def name_what_was_reported(report_id: UUID, **_: object) -> None:
    """Notes for the report's page where curators can look."""
    name_series(report_id)


@receiver(report_decided, dispatch_uid="curation.report_decided")
def act_on_decision(report_id: UUID, **_: object) -> None:
    """Makes the rejection due, in the deciding transaction; the sweep then begins to look through all files again."""
    ask(tasks.CONDEMN, report_id)

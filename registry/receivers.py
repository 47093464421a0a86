"""What the registry does when a donor withdraws or something is reported: at once, in that transaction."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from consent.rules.withdrawing import WithdrawalKind
from consent.signals import limited, withdrawn
from core.actors import SystemActor
from core.due.queue import ask
from registry import tasks, work
from registry.queries.recall import images_in_report
from registry.queries.takeouts import takeouts_of
from registry.signals import identity_reported

WITHDRAWER = SystemActor("withdrawer")


@receiver(withdrawn, dispatch_uid="registry.withdrawn")
def stop_all_use(donor_id: UUID, withdrawal_id: UUID, **_: Any) -> None:
    """Stops use now; if this fails, the withdrawal fails with it and is tried again by the donor, never half done."""
    work.tell_holders_of_withdrawal(donor_id, withdrawal_id)
    work.stop_shared(donor_id, by=WITHDRAWER)  # while it can be seen what the donor gave
    for version in work.stop_use(donor_id, by=WITHDRAWER):
        ask(tasks.FREEZE, version.pk)
    clear_copies(donor_id)


@receiver(limited, dispatch_uid="registry.limited")
def begin_nothing_new(donor_id: UUID, kind: str, **_: Any) -> None:
    """Where the donor wants nothing new: unsent donations are taken back, versions being made are chosen anew."""
    if kind == WithdrawalKind.NOTHING_NEW:
        for version_id in work.stop_new(donor_id, by=WITHDRAWER):
            ask(tasks.FREEZE, version_id)


@receiver(identity_reported, dispatch_uid="registry.identity_reported")
def take_copies_back(report_id: UUID, **_: Any) -> None:
    """Copies that donors asked for are looked at anew: what a report names is not handed back."""
    clear_copies(*set(images_in_report(report_id).order_by().values_list("donor_id", flat=True)))


def clear_copies(*donor_ids: UUID) -> None:
    """Makes due that copies of these donors' files go which may not stay."""
    for takeout_id in takeouts_of(*donor_ids).values_list("pk", flat=True):
        ask(tasks.CLEAR_TAKEOUT, takeout_id)

"""Withdrawing: effective in its own transaction, which also writes every duty that follows."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from consent import tasks
from consent.actions.logging import tie
from consent.actions.signing import add_event
from consent.models import CurrentConsent, Donor, Withdrawal, WithdrawalStep
from consent.permissions import require_self
from consent.rules.duties import in_order
from consent.rules.events import EventKind
from consent.rules.lifecycle import ConsentState
from consent.signals import withdrawn
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import move

KINDS = ("no_further_use", "erase")


def withdraw(*, donor: Donor, kind: str, by: Actor) -> Withdrawal:
    """Ends the donor's consent now. `kind` is `no_further_use` or `erase`. Raises Conflict when it was ended before."""
    require_self(by, donor)
    if kind not in KINDS:
        raise Invalid("Choose what should happen with what you gave.", fields={"kind": "Choose one of the two."})
    try:
        with transaction.atomic():
            return _withdraw(donor, kind, by)
    except IntegrityError:
        raise Conflict("Your withdrawal is already under way.", "withdrawing") from None


def _withdraw(donor: Donor, kind: str, by: Actor) -> Withdrawal:
    consent = CurrentConsent.objects.filter(donor=donor).first()
    if consent is None or consent.state != ConsentState.ACTIVE:
        raise Conflict("You have withdrawn already.", "withdrawn")
    event = add_event(donor, EventKind.WITHDRAWN, None, None, by)
    move(consent, ConsentState.WITHDRAWN, by=by, why=kind, event=event, since=event.effective_at)
    withdrawal = Withdrawal.objects.create(
        donor=donor, programme_id=donor.programme_id, kind=kind, effective_at=event.effective_at
    )
    for duty in in_order():
        WithdrawalStep.objects.create(
            withdrawal=withdrawal,
            programme_id=donor.programme_id,
            duty=duty.code,
            title=duty.title,
            owner=duty.owner,
            position=duty.position,
            deadline=event.effective_at + timedelta(days=duty.days),
        )
    told = record("consent.withdrawn", donor, by=by, data={"kind": kind, "withdrawal": withdrawal.pk})
    tie(told, withdrawal=withdrawal)
    withdrawn.send(sender=Donor, donor_id=donor.pk, programme_id=donor.programme_id, withdrawal_id=withdrawal.pk)
    ask(tasks.ADVANCE, withdrawal.pk)
    return withdrawal

"""Withdrawing, as far as the donor wants: effective in its own transaction, which also writes every duty."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent import tasks
from consent.actions.logging import tie
from consent.actions.signing import add_event
from consent.models import CurrentConsent, Donor, Person, Withdrawal, WithdrawalStep
from consent.permissions import require_self
from consent.rules.duties import in_order
from consent.rules.events import EventKind
from consent.rules.lifecycle import ConsentState
from consent.rules.withdrawing import ALSO_AFTERWARDS, LIMITING, WithdrawalKind
from consent.signals import limited, withdrawn
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import move


def withdraw(*, donor: Donor, kind: str, by: Actor) -> Withdrawal:
    """Ends or limits the donor's consent now, as far as `kind` (consent/rules/withdrawing.py) says; no reason is asked.

    Raises Conflict when that was done before. Who has withdrawn may still have themselves erased, and be left alone.
    """
    require_self(by, donor)
    if kind not in set(WithdrawalKind):
        raise Invalid("Choose how far you want to go.", fields={"kind": "Choose one of these."})
    try:
        with transaction.atomic():
            return (_limit if kind in LIMITING else _leave)(donor, WithdrawalKind(kind), by)
    except IntegrityError:
        raise Conflict("Your withdrawal is already under way.", "withdrawing") from None


def look_again(withdrawal_id: UUID) -> None:
    """Somebody did what a duty of the withdrawal waits for: a worker looks now, and not only by and by."""
    ask(tasks.ADVANCE, withdrawal_id)


def _leave(donor: Donor, kind: WithdrawalKind, by: Actor) -> Withdrawal:
    consent = CurrentConsent.objects.filter(donor=donor).first()
    if consent is None or consent.state != ConsentState.ACTIVE:
        return _go_further(donor, kind, by)
    event = add_event(donor, EventKind.WITHDRAWN, None, None, by)
    move(consent, ConsentState.WITHDRAWN, by=by, why=kind, event=event, since=event.effective_at)
    withdrawal = _open(donor, kind, event.effective_at)
    told = record("consent.withdrawn", donor, by=by, data=_facts(withdrawal))
    tie(told, withdrawal=withdrawal)
    withdrawn.send(sender=Donor, donor_id=donor.pk, programme_id=donor.programme_id, withdrawal_id=withdrawal.pk)
    ask(tasks.ADVANCE, withdrawal.pk)
    return withdrawal


def _go_further(donor: Donor, kind: WithdrawalKind, by: Actor) -> Withdrawal:
    """Who has withdrawn before asks to be erased too: every duty is looked at again, for one certificate."""
    is_there = Person.objects.filter(donor=donor).exists()
    asked = Withdrawal.objects.filter(donor=donor, kind=WithdrawalKind.ERASE).exists()
    if kind != WithdrawalKind.ERASE or asked or not is_there:
        raise Conflict("You have withdrawn already.", "withdrawn")
    withdrawal = _open(donor, kind, timezone.now())
    told = record("consent.erasure_asked", donor, by=by, data=_facts(withdrawal))
    tie(told, withdrawal=withdrawal)
    ask(tasks.ADVANCE, withdrawal.pk)
    return withdrawal


def _limit(donor: Donor, kind: WithdrawalKind, by: Actor) -> Withdrawal:
    now, column = timezone.now(), LIMITING[kind]
    held = CurrentConsent.objects.filter(donor=donor)
    if kind not in ALSO_AFTERWARDS:
        held = held.filter(state=ConsentState.ACTIVE)
    if not held.filter(**{column: None}).update(**{column: now}):
        sentence = "That holds already." if held.exists() else "You have withdrawn already."
        raise Conflict(sentence, "withdrawn")
    withdrawal = _open(donor, kind, now)
    entered = record("consent.limited", donor, by=by, data=_facts(withdrawal))
    tie(entered, withdrawal=withdrawal)
    told = {"donor_id": donor.pk, "programme_id": donor.programme_id, "withdrawal_id": withdrawal.pk}
    limited.send(sender=Donor, kind=str(kind), **told)
    ask(tasks.ADVANCE, withdrawal.pk)
    return withdrawal


def _facts(withdrawal: Withdrawal) -> dict[str, object]:
    """What the log commits to of a withdrawal when it begins; what was done is entered when all of it is."""
    return {
        "kind": withdrawal.kind,
        "withdrawal": withdrawal.pk,
        "programme": withdrawal.donor.programme.slug,
        "effective_at": withdrawal.effective_at.isoformat(),
    }


def _open(donor: Donor, kind: WithdrawalKind, now: datetime) -> Withdrawal:
    """The withdrawal and a row for each of its duties."""
    withdrawal = Withdrawal.objects.create(
        donor=donor, programme_id=donor.programme_id, kind=kind.value, effective_at=now
    )
    for duty in in_order(kind):
        WithdrawalStep.objects.create(
            withdrawal=withdrawal,
            programme_id=donor.programme_id,
            duty=duty.code,
            title=duty.title,
            owner=duty.owner,
            position=duty.position,
            deadline=now + timedelta(days=duty.days_in(donor.programme_id)),
        )
    return withdrawal

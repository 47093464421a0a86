"""Carries out a withdrawal: each duty in turn, tried until its proof is there."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consent.models import LogEntry, Withdrawal, WithdrawalStep
from consent.queries.certificates import statement
from consent.rules.duties import DUTIES, NotYet
from consent.rules.lifecycle import WithdrawalState, WithdrawalStepState
from consent.work.duties import announce
from core.actors import SystemActor
from core.audit.queries import events_about
from core.canonical import digest_of
from core.errors import Conflict
from core.lifecycle import move

WITHDRAWER = SystemActor("withdrawer")
SOON, SELDOM = timedelta(seconds=2), timedelta(minutes=10)
log = structlog.get_logger(__name__)


class NotProved(Exception):
    """A duty came to its end and showed nothing, or that it is not done: that is no proof, so it is tried again."""


def advance(withdrawal_id: UUID) -> datetime | None:
    """Tries every duty that is still open; returns when to try again, or None once the withdrawal is complete."""
    withdrawal = Withdrawal.objects.filter(pk=withdrawal_id, state=WithdrawalState.UNDER_WAY).first()
    if withdrawal is None:
        return None
    steps = list(withdrawal.steps.exclude(state=WithdrawalStepState.DONE))
    again: list[datetime] = []
    held_back = False
    for stage in sorted({DUTIES[step.duty].stage for step in steps}):
        for step in steps:
            duty = DUTIES[step.duty]
            if duty.stage != stage or (held_back and not duty.apart):
                continue
            if (when := attempt(step, withdrawal)) is not None:
                again.append(when)
        held_back = held_back or _is_open(withdrawal, stage)
    if again or held_back:
        return min(again, default=timezone.now() + SOON)
    return None if complete(withdrawal) else timezone.now() + SOON


def _is_open(withdrawal: Withdrawal, stage: int) -> bool:
    """Whether a duty of the stage, for which others wait, is not done yet."""
    left = withdrawal.steps.exclude(state=WithdrawalStepState.DONE).values_list("duty", flat=True)
    return any(DUTIES[code].stage == stage and not DUTIES[code].apart for code in left)


def attempt(step: WithdrawalStep, withdrawal: Withdrawal) -> datetime | None:
    """Tries one duty; returns when to try again, or None once it is done. Proof and state are written together."""
    if step.state == WithdrawalStepState.FAILED:
        move(step, WithdrawalStepState.DUE, by=WITHDRAWER, why="again")
    WithdrawalStep.objects.filter(pk=step.pk).update(attempts=F("attempts") + 1)
    step.attempts += 1
    soon = timezone.now() + min(SELDOM, SOON * 2 ** min(12, max(0, step.attempts - 3)))
    try:
        proof = DUTIES[step.duty].run(withdrawal.donor_id, withdrawal.pk, WITHDRAWER)
        if not DUTIES[step.duty].is_proved_by(proof):
            raise NotProved
        move(step, WithdrawalStepState.DONE, by=WITHDRAWER, proof=proof, done_at=timezone.now(), last_error="")
    except NotYet as wait:
        WithdrawalStep.objects.filter(pk=step.pk).update(last_error=wait.code[:60])
        # Others may end the wait sooner: looked at now and then, at the latest when it is over; never at once, though
        # it be over, for then it is a sweep that goes on, and a worker would only turn in circles.
        return min(max(wait.until, soon), timezone.now() + SELDOM) if wait.until else soon
    except Conflict:
        return soon  # another worker has just done it, or does it now
    except Exception as error:
        log.warning("withdrawal step failed", step=str(step.pk), duty=step.duty, error=type(error).__name__)
        move(step, WithdrawalStepState.FAILED, by=WITHDRAWER, why="error", last_error=type(error).__name__[:60])
        return soon
    return None


def complete(withdrawal: Withdrawal) -> bool:
    """Closes the withdrawal and signs its certificate off, once every step has its proof; returns whether it has."""
    with transaction.atomic():
        now = timezone.now()
        said = statement(withdrawal, now)
        if said is None:
            return False
        digest = digest_of(said)
        signed_off = {"completed_at": now, "certificate_sha256": digest}
        move(withdrawal, WithdrawalState.COMPLETE, by=WITHDRAWER, why=digest, **signed_off)
        told = events_about([withdrawal.pk]).filter(verb="consent.withdrawal.complete").latest("id")
        LogEntry.objects.create(withdrawal=withdrawal, event_id=told.pk)
        announce(withdrawal)
    return True


def open_withdrawals() -> list[UUID]:
    """Withdrawals that are under way, for the sweep."""
    return list(Withdrawal.objects.filter(state=WithdrawalState.UNDER_WAY).values_list("pk", flat=True))

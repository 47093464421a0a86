"""Carries out a withdrawal: each duty in turn, tried until its proof is there."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consent.models import LogEntry, Withdrawal, WithdrawalStep
from consent.rules.duties import DUTIES, NotYet
from consent.rules.lifecycle import WithdrawalState, WithdrawalStepState
from core.actors import SystemActor
from core.audit.queries import events_about
from core.errors import Conflict
from core.lifecycle import move

WITHDRAWER = SystemActor("withdrawer")
SOON, SELDOM = timedelta(seconds=2), timedelta(minutes=10)
log = structlog.get_logger(__name__)


def advance(withdrawal_id: UUID) -> datetime | None:
    """Tries every duty that is still open; returns when to try again, or None once the withdrawal is complete."""
    withdrawal = Withdrawal.objects.filter(pk=withdrawal_id, state=WithdrawalState.UNDER_WAY).first()
    if withdrawal is None:
        return None
    steps = list(withdrawal.steps.exclude(state=WithdrawalStepState.DONE))
    first = [step for step in steps if not DUTIES[step.duty].last]
    last = [step for step in steps if DUTIES[step.duty].last]
    waiting = [step for step in first if not attempt(step, withdrawal)]
    for step in last:
        if waiting or not attempt(step, withdrawal):
            waiting.append(step)
    if not waiting:
        complete(withdrawal)
        return None
    pause = min(SELDOM, SOON * 2 ** min(12, max(0, max(step.attempts for step in waiting) - 3)))
    return timezone.now() + pause


def attempt(step: WithdrawalStep, withdrawal: Withdrawal) -> bool:
    """Tries one duty; returns whether it is done. Its proof and its state are written together."""
    if step.state == WithdrawalStepState.FAILED:
        move(step, WithdrawalStepState.DUE, by=WITHDRAWER, why="again")
    WithdrawalStep.objects.filter(pk=step.pk).update(attempts=F("attempts") + 1)
    step.attempts += 1
    try:
        proof = DUTIES[step.duty].run(withdrawal.donor_id, withdrawal.pk, WITHDRAWER)
        move(step, WithdrawalStepState.DONE, by=WITHDRAWER, proof=proof, done_at=timezone.now(), last_error="")
    except NotYet as wait:
        WithdrawalStep.objects.filter(pk=step.pk).update(last_error=wait.code[:60])
        return False
    except Conflict:
        return False  # another worker has just done it
    except Exception as error:
        log.warning("withdrawal step failed", step=str(step.pk), duty=step.duty, error=type(error).__name__)
        move(step, WithdrawalStepState.FAILED, by=WITHDRAWER, why="error", last_error=type(error).__name__[:60])
        return False
    return True


def complete(withdrawal: Withdrawal) -> None:
    """Closes the withdrawal once every step has its proof."""
    with transaction.atomic():
        if not withdrawal.steps.exclude(state=WithdrawalStepState.DONE).exists():
            move(withdrawal, WithdrawalState.COMPLETE, by=WITHDRAWER, completed_at=timezone.now())
            told = events_about([withdrawal.pk]).filter(verb="consent.withdrawal.complete").latest("id")
            LogEntry.objects.create(withdrawal=withdrawal, event_id=told.pk)


def open_withdrawals() -> list[UUID]:
    """Withdrawals that are under way, for the sweep."""
    return list(Withdrawal.objects.filter(state=WithdrawalState.UNDER_WAY).values_list("pk", flat=True))

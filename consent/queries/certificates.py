"""The certificate of a withdrawal: every step with its time and proof. There is none before every proof is there."""

from datetime import UTC, datetime
from typing import Any

from consent.models import LogEntry, Withdrawal, WithdrawalStep
from consent.queries.logged import entries_of_withdrawal, log_proofs
from consent.rules.duties import DUTIES
from consent.rules.lifecycle import WithdrawalState, WithdrawalStepState
from core.accounts.models import Programme
from core.audit.models import Event
from core.canonical import digest_of, loads

COMPLETED = "consent.withdrawal.complete"
SCHEMA = "donara.withdrawal-certificate.1"


def is_proved(step: WithdrawalStep) -> bool:
    """Whether a step was done, at a time, with a proof that shows it."""
    duty = DUTIES.get(step.duty)
    shows = duty.is_proved_by(step.proof) if duty else bool(step.proof)
    return step.state == WithdrawalStepState.DONE and step.done_at is not None and shows


def statement(withdrawal: Withdrawal, completed_at: datetime) -> dict[str, Any] | None:
    """What a certificate says, from the rows alone; None while a step lacks its proof."""
    steps = list(WithdrawalStep.objects.filter(withdrawal=withdrawal))
    if not steps or not all(is_proved(step) for step in steps):
        return None
    return {
        "schema": SCHEMA,
        "withdrawal": str(withdrawal.pk),
        "programme": str(withdrawal.programme_id),
        "kind": withdrawal.kind,
        "effective_at": _written(withdrawal.effective_at),
        "completed_at": _written(completed_at),
        "steps": [_step(step) for step in steps],
    }


def certificate_of(withdrawal: Withdrawal) -> dict[str, Any] | None:
    """The certificate with its SHA-256, if the withdrawal is complete and the rows are still those that it was made of.

    They are compared with the event in the log too: the column could be written anew along with the rows.
    A withdrawal that was complete before there were certificates has none.
    """
    if withdrawal.state != WithdrawalState.COMPLETE or withdrawal.completed_at is None:
        return None
    said = statement(withdrawal, withdrawal.completed_at)
    if said is None or not digest_of(said) == withdrawal.certificate_sha256 == signed_off(withdrawal):
        return None
    return {"certificate": said, "sha256": withdrawal.certificate_sha256}


def signed_off(withdrawal: Withdrawal) -> str:
    """The certificate's SHA-256 as the event that completed the withdrawal holds it, or nothing."""
    entries = LogEntry.objects.filter(withdrawal=withdrawal).values("event_id")
    told = Event.objects.filter(pk__in=entries, subject_id=withdrawal.pk, verb=COMPLETED).first()
    return str(loads(told.data).get("why", "")) if told is not None else ""


def log_of(withdrawal: Withdrawal) -> dict[str, Any] | None:
    """The proof that the certificate's SHA-256 is in the public log; it says nothing of the donor.

    None while it waits to be sealed.
    """
    about = Event.objects.filter(subject_id=withdrawal.pk, verb=COMPLETED)
    return log_proofs(entries_of_withdrawal(withdrawal).filter(event_id__in=about.values("pk")))


def programme_of(withdrawal: Withdrawal) -> Programme:
    """The programme that the donor withdrew from."""
    return Programme.objects.get(pk=withdrawal.programme_id)


def _step(step: WithdrawalStep) -> dict[str, Any]:
    return {
        "duty": step.duty,
        "title": step.title,
        "owner": step.owner,
        "attempts": step.attempts,
        "done_at": _written(step.done_at),
        "proof": step.proof,
    }


def _written(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else ""

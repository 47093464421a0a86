"""The certificate of a withdrawal: every step with its time and proof. There is none before every proof is there."""

from datetime import UTC, datetime
from typing import Any

from consent.models import Withdrawal, WithdrawalStep
from consent.rules.duties import DUTIES
from consent.rules.lifecycle import WithdrawalState, WithdrawalStepState
from core.accounts.models import Programme
from core.canonical import digest_of

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

    A withdrawal that was complete before there were certificates has none.
    """
    if withdrawal.state != WithdrawalState.COMPLETE or withdrawal.completed_at is None:
        return None
    said = statement(withdrawal, withdrawal.completed_at)
    if said is None or digest_of(said) != withdrawal.certificate_sha256:
        return None
    return {"certificate": said, "sha256": withdrawal.certificate_sha256}


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

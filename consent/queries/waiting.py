"""What waits for a steward in consent: a programme that nobody can join yet, and withdrawals that need help."""

from django.urls import reverse

from consent.models import WithdrawalStep
from consent.queries.forms import published_form
from consent.rules.lifecycle import WithdrawalStepState
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.waiting import Waiting


def waiting(user: Reader) -> list[Waiting]:
    """For stewards: open programmes without a published form, and withdrawals with a duty that keeps failing."""
    return _formless(user) + _failing(user)


def _formless(user: Reader) -> list[Waiting]:
    return [
        Waiting(
            kind="form",
            title=f"Nobody can join {programme.name} before its consent form is published",
            href=reverse("consent:forms"),
            since=programme.created_at,
        )
        for programme in programmes(user, Role.STEWARD).filter(is_open=True)
        if published_form(programme.pk) is None
    ]


def _failing(user: Reader) -> list[Waiting]:
    stuck = WithdrawalStep.objects.filter(
        programme_id__in=programmes(user, Role.STEWARD).values("pk"),
        state=WithdrawalStepState.FAILED,
        attempts__gte=3,
    ).select_related("withdrawal")
    return [
        Waiting(
            kind="withdrawal",
            title=f"A step of a withdrawal keeps failing: {step.title}",
            href=reverse("consent:withdrawal", args=[step.withdrawal_id]),
            since=step.withdrawal.effective_at,
        )
        for step in stuck
    ]

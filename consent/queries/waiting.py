"""What waits in consent: for donors a changed form; for stewards a programme nobody can join, withdrawals to help."""

from django.urls import reverse
from django.utils.translation import gettext as _

from consent.models import WithdrawalStep
from consent.queries.donors import donors_of
from consent.queries.forms import published_form
from consent.queries.opening import openings_to_look_at
from consent.queries.renewal import renewal_of
from consent.rules.lifecycle import ConsentState, WithdrawalStepState
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.spoken import said
from core.waiting import Waiting


def waiting(user: Reader) -> list[Waiting]:
    """For donors: forms to sign again. For stewards: no form, duties that keep failing, identities to open."""
    return _changed(user) + _formless(user) + _failing(user) + _asked(user)


def _changed(user: Reader) -> list[Waiting]:
    mine = {donor.pk: renewal_of(donor.pk) for donor in donors_of(user).filter(consent__state=ConsentState.ACTIVE)}
    return [
        Waiting(
            kind="renewal",
            title=_("The form that you signed has changed. Please say whether you still agree."),
            href=reverse("consent:renew", args=[donor_id]),
            since=renewal.news[0].published_at or renewal.by,
        )
        for donor_id, renewal in mine.items()
        if renewal is not None
    ]


def _formless(user: Reader) -> list[Waiting]:
    return [
        Waiting(
            kind="form",
            title=_("Nobody can join %(programme)s before its consent form is published")
            % {"programme": programme.name},
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
            title=_("A step of a withdrawal keeps failing: %(step)s") % {"step": said(step.title)},
            href=reverse("consent:withdrawal", args=[step.withdrawal_id]),
            since=step.withdrawal.effective_at,
        )
        for step in stuck
    ]


def _asked(user: Reader) -> list[Waiting]:
    return [
        Waiting(
            kind="identity",
            title=_("A court asks who a donor was: look at the order"),
            href=reverse("consent:identity", args=[opening.pk]),
            since=opening.asked_at,
        )
        for opening in openings_to_look_at(user)
    ]

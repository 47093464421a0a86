"""Whether anything may be done with a donor's gift at all: the one place that every question about use goes through.

A consent is *in force* until it is withdrawn. It *rests*, in force as it is, while the form has changed in what it
means and the day to sign again has passed, or while the donor's identity is not checked as the programme wants it. What
rests is kept and used for nothing new. It is worked out from dates whenever it is asked: no worker has to have run.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from consent.models import CurrentConsent, Donor, FormVersion
from consent.queries.checks import least_at
from consent.rules.lifecycle import ConsentState
from consent.rules.renewal import Change
from core.accounts.checks import level
from core.accounts.models import Programme

WITHDRAWN, RENEWAL, CHECK = "WITHDRAWN", "RENEWAL", "CHECK"


@dataclass(frozen=True)
class Standing:
    """What must hold of every consent of one programme at one moment, as SQL (`q`) and for one row (`why_rests`)."""

    lapsed: frozenset[UUID]
    least: int

    def q(self, at: str = "") -> Q:
        """Consents that are in force and do not rest; `at` is the way to the consent, such as `consent__`."""
        holds = Q(**{f"{at}state": ConsentState.ACTIVE})
        if self.least:
            holds &= Q(**{f"{at}check_level__gte": self.least})
        return holds & ~Q(**{f"{at}signed_on_id__in": self.lapsed}) if self.lapsed else holds

    def why_rests(self, state: str, signed_on_id: UUID | None, check_level: int) -> str:
        """The code of why nothing may be done, or nothing where something may."""
        if state != ConsentState.ACTIVE:
            return WITHDRAWN
        if signed_on_id in self.lapsed:
            return RENEWAL
        return CHECK if check_level < self.least else ""


def standing(programme_id: UUID, now: datetime | None = None) -> Standing:
    """What must hold in the programme now."""
    least = Programme.objects.values_list("minimum_check", flat=True).get(pk=programme_id)
    return Standing(frozenset(lapsed(programme_id, now or timezone.now())), level(least))


def standing_at(programme_id: UUID, on: datetime, known_at: datetime) -> Standing:
    """What had to hold in the programme at `on`, by what had been decided up to `known_at`."""
    return Standing(frozenset(lapsed(programme_id, on, known_at)), least_at(programme_id, min(on, known_at)))


def in_use(programme_id: UUID) -> QuerySet[CurrentConsent]:
    """The programme's consents under which something may be done now."""
    return CurrentConsent.objects.filter(standing(programme_id).q(), programme_id=programme_id)


def usable(programme_id: UUID) -> QuerySet[Donor]:
    """The donors of the programme with whose gift something may be done now."""
    return Donor.objects.filter(standing(programme_id).q("consent__"), programme_id=programme_id)


def why_rests(consent: CurrentConsent) -> str:
    """Why nothing may be done under this consent now (WITHDRAWN, RENEWAL, CHECK), or nothing."""
    return standing(consent.programme_id).why_rests(consent.state, consent.signed_on_id, consent.check_level)


def lapsed(programme_id: UUID, now: datetime, known_at: datetime | None = None) -> list[UUID]:
    """Versions whose signatures carry no use at `now`: older than a material one whose date has passed.

    By what was published up to `known_at`, or up to `now`.
    """
    published = FormVersion.objects.filter(form__programme_id=programme_id, published_at__lte=known_at or now)
    passed = published.filter(change=Change.MATERIAL, renew_by__lte=now).order_by("-published_at").first()
    return (
        []
        if passed is None
        else list(published.filter(published_at__lt=passed.published_at).values_list("pk", flat=True))
    )

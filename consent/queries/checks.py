"""How a donor's identity was checked and what was asked for, now and at a moment; how many wait for more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consent.models import CurrentConsent, DonorCheck, MinimumCheck
from consent.rules.lifecycle import ConsentState
from core.accounts.checks import IdentityCheck, level
from core.accounts.models import Programme


@dataclass(frozen=True)
class CheckOf:
    """A donor's strongest check, all of them, and what the programme asks for."""

    strongest: IdentityCheck
    least: IdentityCheck
    made: list[DonorCheck]

    @property
    def is_enough(self) -> bool:
        """Whether the programme asks for no more."""
        return level(self.strongest) >= level(self.least)


def check_of(donor_id: UUID) -> CheckOf:
    """How this donor was checked; a donor without any record counts as having only said who they are."""
    made = list(DonorCheck.objects.filter(donor_id=donor_id))
    strongest = max((IdentityCheck(row.identity) for row in made), key=level, default=IdentityCheck.SELF_DECLARED)
    least = Programme.objects.values_list("minimum_check", flat=True).get(
        pk__in=CurrentConsent.objects.filter(donor_id=donor_id).values("programme_id")
    )
    return CheckOf(strongest, IdentityCheck(least), made)


def waiting_for_check(programme: Programme) -> int:
    """How many donors have signed and are checked less than the programme asks for."""
    in_force = CurrentConsent.objects.filter(programme_id=programme.pk, state=ConsentState.ACTIVE)
    return in_force.filter(check_level__lt=level(programme.minimum_check)).count()


def least_at(programme_id: UUID, at: datetime) -> int:
    """The level of the check that the programme asked for at the moment, by its rows of minimums."""
    asked = MinimumCheck.objects.filter(programme_id=programme_id, since__lte=at).last()
    return level(asked.identity if asked is not None else IdentityCheck.SELF_DECLARED)


def levels_at(checks: QuerySet[DonorCheck], at: datetime) -> dict[UUID, int]:
    """By donor: the level of the strongest of these checks that were made by the moment."""
    levels: dict[UUID, int] = {}
    for donor_id, identity in checks.filter(checked_at__lte=at).order_by().values_list("donor_id", "identity"):
        levels[donor_id] = max(levels.get(donor_id, 0), level(identity))
    return levels

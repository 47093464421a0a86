"""How a donor's identity was checked, and how many donors wait for a stronger check."""

from dataclasses import dataclass
from uuid import UUID

from consent.models import CurrentConsent, DonorCheck
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

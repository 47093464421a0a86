"""Sealed identities and the asking for them, as the stewards of their programme may see it; never what is sealed."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from consent.models import IdentityOpening, SealedIdentity
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.errors import Missing


def sealed_of(user: Reader, donor_id: UUID) -> SealedIdentity:
    """The sealed identity of a donor of a programme that the user stewards; raises Missing."""
    mine = programmes(user, Role.STEWARD).values("pk")
    kept = SealedIdentity.objects.filter(shredded_at=None, until__gt=timezone.now())
    found = kept.filter(donor_id=donor_id, donor__programme__in=mine).first()
    if found is None:
        raise Missing("No identity is kept under this number.")
    return found


def openings_of(user: Reader) -> QuerySet[IdentityOpening]:
    """What was asked for in the programmes that the user stewards, newest first."""
    mine = programmes(user, Role.STEWARD).values("pk")
    return IdentityOpening.objects.filter(programme_id__in=mine).select_related(
        "sealed", "asked_by", "opened_by", "closed_by"
    )


def openings_to_look_at(user: Reader) -> QuerySet[IdentityOpening]:
    """What waits for this steward, who did not ask for it, and can still be opened."""
    waiting = openings_of(user).filter(opened_at=None, closed_at=None, sealed__until__gt=timezone.now())
    return waiting.exclude(asked_by_id=user.pk)


def opening_of(user: Reader, opening_id: UUID) -> IdentityOpening:
    """One of them; raises Missing."""
    found = openings_of(user).filter(pk=opening_id).first()
    if found is None:
        raise Missing("There is no such request here.")
    return found

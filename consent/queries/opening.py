"""Sealed identities and the asking for them, as the stewards of their programme may see it; never what is sealed."""

from uuid import UUID

from django.db.models import QuerySet

from consent.models import IdentityOpening, SealedIdentity
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.errors import Missing


def sealed_of(user: Reader, donor_id: UUID) -> SealedIdentity:
    """The sealed identity of a donor of a programme that the user stewards; raises Missing."""
    mine = programmes(user, Role.STEWARD).values("pk")
    found = SealedIdentity.objects.filter(donor_id=donor_id, donor__programme__in=mine, shredded_at=None).first()
    if found is None:
        raise Missing("No identity is kept under this number.")
    return found


def openings_of(user: Reader) -> QuerySet[IdentityOpening]:
    """What was asked for in the programmes that the user stewards, newest first."""
    mine = programmes(user, Role.STEWARD).values("pk")
    return IdentityOpening.objects.filter(programme_id__in=mine).select_related("sealed", "asked_by", "opened_by")


def opening_of(user: Reader, opening_id: UUID) -> IdentityOpening:
    """One of them; raises Missing."""
    found = openings_of(user).filter(pk=opening_id).first()
    if found is None:
        raise Missing("There is no such request here.")
    return found

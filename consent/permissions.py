"""May this person? Raises a refusal that is a sentence."""

from uuid import UUID

from consent.models import Donor
from consent.queries import donors_of
from core.accounts.models import User
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.errors import Missing, NotAllowed


def require_steward(by: Actor, programme_id: UUID) -> None:
    """Raises NotAllowed unless `by` stewards the programme."""
    require(by, programme_id, Role.STEWARD)


def require_self(by: Actor, donor: Donor) -> None:
    """Only donors themselves change or end their consent; for anybody else the donor does not exist."""
    if not isinstance(by, User) or not donors_of(by).filter(pk=donor.pk).exists():
        raise Missing("There is no such donor here.")


def require_person(by: Actor, user: User) -> None:
    """Raises NotAllowed unless `by` is the very user who is to sign."""
    if by.actor_id != user.actor_id:
        raise NotAllowed("Only you can sign for yourself.")

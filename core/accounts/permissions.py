"""May this person? Raises a refusal that is a sentence."""

from uuid import UUID

from core.accounts.queries import Reader, holds
from core.accounts.roles import Role, only_these
from core.actors import Actor, SystemActor
from core.errors import NotAllowed


def require(by: Actor | Reader, programme_id: UUID, *roles: Role) -> None:
    """Raises NotAllowed unless `by` holds one of `roles` in the programme; the system's own actors may."""
    if isinstance(by, SystemActor) or holds(by, programme_id, *roles):  # type: ignore[arg-type]  # every other actor is a user
        return
    raise NotAllowed(only_these(*roles), "role")

"""A donor lets somebody else's program send images into one donation of theirs."""

from core.accounts import actions as accounts
from core.accounts.models import ApiToken
from core.accounts.roles import Scope
from core.actors import Actor
from core.errors import Conflict
from registry.models import Donation
from registry.permissions import person, require_donor


def make_sender(*, donation: Donation, name: str, days: int, by: Actor) -> tuple[ApiToken, str]:
    """A token that can do nothing but send images into this donation; its row and its text, which is kept nowhere.

    Raises Missing for another's donation, Conflict for one that takes no more images.
    """
    require_donor(by, donation.donor_id)
    if not donation.is_unsent:
        raise Conflict("This donation was sent off already. Begin a new one for more images.", "closed")
    user = person(by)
    return accounts.make_token(
        user=user, name=name, scopes=[Scope.STOW.value], days=days, by=user, bound_to=donation.pk
    )

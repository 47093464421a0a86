"""The tokens with which others send images into a donation, for the donor who made them."""

from django.db.models import QuerySet

from core.accounts.models import ApiToken
from core.accounts.queries import Reader, tokens
from core.accounts.roles import Scope
from core.errors import Missing
from registry.models import Donation
from registry.queries.donations import donations_of


def senders_of(user: Reader, donation: Donation) -> QuerySet[ApiToken]:
    """The user's own tokens that are good for this donation alone, newest first."""
    return tokens(user).filter(bound_to=donation.pk)


def donation_of_sender(token: ApiToken | None) -> Donation:
    """The donation that a token is good for; raises Missing, also where it is not its owner's."""
    bound_to = token.bound_to if token is not None and Scope.STOW in token.scopes else None
    found = donations_of(token.user).filter(pk=bound_to).first() if token and bound_to else None
    if found is None:
        raise Missing("There is no such donation.")
    return found

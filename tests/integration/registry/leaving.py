"""A donor's own act of leaving, for the tests of what follows."""

from consent.models import Withdrawal
from tests.factories import consent
from tests.factories import registry as make


def withdraw(donor: consent.Donor, kind: str) -> Withdrawal:
    """The donor's own act."""
    return consent.actions.withdraw(donor=donor, kind=kind, by=make.user_of(donor))

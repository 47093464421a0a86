"""Whether an account goes with a donor who has themselves erased, or serves something else and stays."""

from uuid import UUID

from django.db.models import QuerySet

from consent.models import Person
from consent.rules.lifecycle import ConsentState
from core.accounts.models import Membership
from core.accounts.roles import Role


def persons_who_left(user_id: UUID) -> QuerySet[Person]:
    """Whoever this account was as a donor that has withdrawn; all of them go when one is erased."""
    return Person.objects.filter(user_id=user_id, donor__consent__state=ConsentState.WITHDRAWN).order_by("pk")


def persons_who_stay(user_id: UUID, *, but: UUID) -> QuerySet[Person]:
    """Whoever this account still is as a donor, leaving out the donor `but`."""
    left = persons_who_left(user_id).values("pk")
    return Person.objects.filter(user_id=user_id).exclude(pk__in=left).exclude(donor_id=but)


def why_account_stays(user_id: UUID, *, but: UUID) -> str:
    """`kept_donor` or `kept_role` where the account serves something else than the donor `but`; empty where it goes."""
    if persons_who_stay(user_id, but=but).exists():
        return "kept_donor"
    roles = Membership.objects.filter(user_id=user_id, until=None).exclude(role=Role.DONOR)
    return "kept_role" if roles.exists() else ""

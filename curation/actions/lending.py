"""What a donor's browser is lent to de-identify their own files: their key, and who the registry says they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from consent.queries import Identity, identity_of, may_give_new
from core.accounts.models import User
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, Invalid, Missing, NotAllowed
from curation.deid import SubjectKey
from curation.deid.browser import MOST_ASKED
from curation.deid.values.lent import Asked, number_for
from curation.work.keys import domain_of, group_key, subject_key
from registry import queries as registry

if TYPE_CHECKING:
    from registry.models import Donation


@dataclass(frozen=True)
class Lent:
    """One donor's key in their programme, from which no other donor's can be made; and who they are."""

    key: SubjectKey
    identity: Identity = field(repr=False)


def lend_key(*, donation_id: UUID, by: Actor) -> Lent:
    """Lends the key of a donation's donor to that donor, while files can be added to it.

    Raises Missing for another's donation, and Conflict where it takes no more files.
    """
    donation, identity = _open(donation_id, by)
    with transaction.atomic():
        record("key.lent", donation, by=by)
        return Lent(subject_key(domain_of(donation.programme_id), donation.donor_id), identity)


def lend_numbers(*, donation_id: UUID, asked: Sequence[Asked], by: Actor) -> list[int]:
    """Lends the numbers of which what stands for a hospital, a device or a local code in the whole programme is made.

    Each is for one value (deid/values/lent.py), and the trail says how many, not of what. Raises as `lend_key`, and
    Invalid for more than MOST_ASKED values, or what is none of those kinds.
    """
    donation, _ = _open(donation_id, by)
    if not 0 < len(asked) <= MOST_ASKED:
        raise Invalid(f"Send JSON: an object with a list called asks, of one to {MOST_ASKED} values.", "values")
    with transaction.atomic():
        record("numbers.lent", donation, by=by, data={"values": len(asked)})
        key = group_key(domain_of(donation.programme_id))
        try:
            return [number_for(key, each) for each in asked]
        except ValueError:
            raise Invalid("One of these values is none that is shared.", "values") from None


def _open(donation_id: UUID, by: Actor) -> tuple["Donation", Identity]:
    if not isinstance(by, User):
        raise NotAllowed("Only a person who is signed in can do this.")
    donation = registry.donations_of(by).filter(pk=donation_id).first()
    if donation is None:
        raise Missing("There is no such donation.")
    identity = identity_of(donation.donor_id)
    takes = donation.is_unsent and may_give_new(donation.donor_id)
    if identity is None or not takes:
        raise Conflict("This donation takes no more images. Begin a new one.", "closed")
    return donation, identity

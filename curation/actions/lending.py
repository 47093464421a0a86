"""What a donor's browser is lent to de-identify their own files: their key, and who the registry says they are."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from consent.queries import Identity, identity_of, may_give_new
from core.accounts.models import User
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, Missing, NotAllowed
from curation.deid import SubjectKey
from curation.work.keys import domain_of, subject_key
from registry import queries as registry
from registry.rules.lifecycle import DonationState


@dataclass(frozen=True)
class Lent:
    """One donor's key in their programme, from which no other donor's can be made; and who they are."""

    key: SubjectKey
    identity: Identity = field(repr=False)


def lend_key(*, donation_id: UUID, by: Actor) -> Lent:
    """Lends the key of a donation's donor to that donor, while files can be added to it.

    Raises Missing for another's donation, and Conflict where it takes no more files.
    """
    if not isinstance(by, User):
        raise NotAllowed("Only a person who is signed in can do this.")
    donation = registry.donations_of(by).filter(pk=donation_id).first()
    if donation is None:
        raise Missing("There is no such donation.")
    identity = identity_of(donation.donor_id)
    takes = donation.state in (DonationState.OPEN, DonationState.STOPPED) and may_give_new(donation.donor_id)
    if identity is None or not takes:
        raise Conflict("This donation takes no more images. Begin a new one.", "closed")
    with transaction.atomic():
        record("key.lent", donation, by=by)
        return Lent(subject_key(domain_of(donation.programme_id), donation.donor_id), identity)

"""May this person? For what a donor, a researcher and staff do in the registry; each refusal is a sentence."""

from uuid import UUID

from consent import queries as consent
from core.accounts.models import User
from core.actors import Actor
from core.errors import Missing, NotAllowed
from registry.models import AccessRequest, Donation, Grant, HolderNotice
from registry.queries.invitations import taking
from registry.rules.invitations import Invited


def person(by: object) -> User:
    """`by` as a signed-in person; raises NotAllowed for the system's own parts, which do none of these deeds."""
    if not isinstance(by, User):
        raise NotAllowed("Only a person who is signed in can do this.")
    return by


def require_donor(by: Actor, donor_id: UUID) -> None:
    """Raises Missing unless the donor is this person: to everybody else there is no such donor."""
    if not consent.donors_of(person(by)).filter(pk=donor_id).exists():
        raise Missing("There is no such donation.")


def require_giver(by: Actor, donation: Donation) -> None:
    """Raises Missing unless the donation is this person's own, or they were invited to send into it and still are."""
    if not isinstance(by, Invited):
        return require_donor(by, donation.donor_id)
    found = taking(by.invitation_id) if by.donation_id == donation.pk else None
    if found is None or found.donation_id != donation.pk:
        raise Missing("There is no such donation.")
    return None


def require_researcher(by: Actor, thing: AccessRequest | Grant) -> User:
    """Raises Missing unless the request or grant is this person's own."""
    user = person(by)
    if thing.researcher_id != user.pk:
        raise Missing("There is no such request.")
    return user


def require_holder(by: Actor, notice: HolderNotice) -> User:
    """Raises Missing unless this person is who was told."""
    user = person(by)
    if notice.grant.researcher_id != user.pk:
        raise Missing("There is no such notice.")
    return user

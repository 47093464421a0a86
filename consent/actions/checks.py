"""How it was checked who a donor is: noted at signing, when they confirm their e-mail address, and by staff on site."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from consent.models import CurrentConsent, Donor, DonorCheck, Signature
from consent.permissions import require_steward
from core.accounts.checks import BY_STAFF, AuthorityCheck, IdentityCheck, level
from core.accounts.models import User
from core.actors import Actor
from core.audit.record import record
from core.errors import Invalid, Missing, NotAllowed
from core.texts import gettext_noop as _

UNKNOWN = _("There is no receipt with this number in your programmes. Compare it with the donor's receipt.")


def own_check(user: User) -> IdentityCheck:
    """The check that the registry itself can vouch for: a confirmed e-mail address, or only what they say."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).exists()
    return IdentityCheck.EMAIL_CONFIRMED if confirmed else IdentityCheck.SELF_DECLARED


def note_check(donor: Donor, check: IdentityCheck, by: Actor) -> DonorCheck:
    """Adds a check to the donor's record, once per kind, and lets the consent follow the strongest."""
    with transaction.atomic():
        row, created = DonorCheck.objects.get_or_create(
            donor=donor,
            identity=check,
            defaults={
                "authority": AuthorityCheck.NOT_NEEDED,
                "checked_at": timezone.now(),
                "checked_by": by.actor_id,
            },
        )
        CurrentConsent.objects.filter(donor=donor, check_level__lt=level(check)).update(check_level=level(check))
        if created:
            record("donor.checked", donor, by=by, data={"identity": check, "authority": row.authority})
    return row


def record_check(*, receipt: UUID, check: IdentityCheck, by: Actor) -> DonorCheck:
    """A steward who has met the donor, with an identity document and a receipt, records how they were checked.

    The receipt's number says which donor it is; the registry shows the steward no name. Doing it twice changes nothing.
    """
    signature = Signature.objects.select_related("donor").filter(pk=receipt).first()
    if signature is None:
        raise Missing(UNKNOWN)
    try:
        require_steward(by, signature.donor.programme_id)
    except NotAllowed:
        raise Missing(UNKNOWN) from None
    if check not in BY_STAFF:
        raise Invalid("Choose how you checked who it is.", fields={"check": "Choose how you checked who it is."})
    if by.actor_id == f"user:{_user_of(signature.donor)}":
        raise NotAllowed("Nobody checks their own identity. Ask another steward.", "own_check")
    return note_check(signature.donor, check, by)


def follow_email(*, user: User) -> int:
    """Notes on each of the user's gifts that their e-mail address is confirmed; returns how many."""
    donors = list(Donor.objects.filter(person__user=user))
    for donor in donors:
        note_check(donor, IdentityCheck.EMAIL_CONFIRMED, user)
    return len(donors)


def _user_of(donor: Donor) -> UUID | None:
    return Donor.objects.filter(pk=donor.pk).values_list("person__user_id", flat=True).first()

"""What donors have limited while their consent goes on: whether anything new may be begun, and whether we write."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consent.models import CurrentConsent, Donor
from consent.rules.lifecycle import ConsentState


def in_force() -> QuerySet[Donor]:
    """Donors of any programme whose consent is in force: nobody reads anything of anybody else's."""
    return Donor.objects.filter(consent__state=ConsentState.ACTIVE)


def may_give_new(donor_id: UUID) -> bool:
    """Whether new images may be taken from this donor now."""
    in_force = CurrentConsent.objects.filter(donor_id=donor_id, state=ConsentState.ACTIVE)
    return in_force.filter(nothing_new_since=None).exists()


def closed_to_new(programme_id: UUID, *, at: datetime | None = None) -> QuerySet[Donor]:
    """Donors with whose images nothing new is begun: a version made now, or a use that was granted at `at`.

    A use that was granted before the donor said so goes on.
    """
    limited = CurrentConsent.objects.filter(programme_id=programme_id).exclude(nothing_new_since=None)
    if at is not None:
        limited = limited.filter(nothing_new_since__lte=at)
    return Donor.objects.filter(pk__in=limited.values("donor_id"))


def closed_since(donor_id: UUID) -> datetime | None:
    """Since when nothing new is begun with this donor's images; None where new uses are allowed."""
    return CurrentConsent.objects.filter(donor_id=donor_id).values_list("nothing_new_since", flat=True).first()


def may_contact(donor_id: UUID) -> bool:
    """Whether the registry may write to this donor; what they ask to see they always see."""
    return not CurrentConsent.objects.filter(donor_id=donor_id).exclude(no_contact_since=None).exists()


def to_write_to() -> QuerySet[Donor]:
    """Donors whose consent is in force and who did not ask us to be quiet: all that news may be sent to."""
    return in_force().filter(consent__no_contact_since=None)

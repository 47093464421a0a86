"""A donor wants nothing new: donations that they had not sent are taken back, versions being made are chosen anew."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from consent.queries import closed_since
from consent.rules.duties import NotYet, Proof
from core.actors import Actor
from core.lifecycle import move
from registry.models import DatasetVersion, DonatedFile, Donation, VersionEntry
from registry.rules.lifecycle import UNSENT, DonationState, FileState, VersionState
from registry.work.files import erase_removed
from registry.work.sending import end_sending

REASON = "nothing_new"


def stop_new(donor_id: UUID, *, by: Actor) -> list[UUID]:
    """In the donor's own transaction; returns the versions to choose anew. Safe to run twice."""
    with transaction.atomic():
        for donation in Donation.objects.filter(donor_id=donor_id, state__in=UNSENT):
            move(donation, DonationState.ABANDONED, by=by, why=REASON, question="")
            end_sending(donation.pk, by=by, why=REASON)
            for file in DonatedFile.objects.filter(donation=donation).exclude(state=FileState.REMOVED):
                move(file, FileState.REMOVED, by=by, why=REASON, person_key="", study_key="")
        return _choose_anew(donor_id)


def _choose_anew(donor_id: UUID) -> list[UUID]:
    held = VersionEntry.objects.filter(donor_id=donor_id, version__state=VersionState.FREEZING)
    anew = []
    for pk in sorted(set(held.values_list("version_id", flat=True))):
        # Locks the row against a worker that is about to freeze it.
        if DatasetVersion.objects.filter(pk=pk, state=VersionState.FREEZING).update(state=F("state")):
            VersionEntry.objects.filter(version_id=pk).delete()
            anew.append(pk)
    return anew


def nothing_new(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """The duty: no donation of theirs is unsent, what they took back is erased, no version being made holds them.

    Who has allowed new uses again meanwhile keeps what they have begun since.
    """
    lifted = closed_since(donor_id) is None
    if not lifted and stop_new(donor_id, by=by):
        raise NotYet("version_freezing")
    taken_back = Donation.objects.filter(donor_id=donor_id, state=DonationState.ABANDONED)
    for donation_id in taken_back.values_list("pk", flat=True):
        erase_removed(donation_id)
    if lifted:
        return {"lifted": 1, "taken_back": taken_back.count()}
    return {
        "unsent": Donation.objects.filter(donor_id=donor_id, state__in=UNSENT).count(),
        "taken_back": taken_back.count(),
        "versions_being_made": VersionEntry.objects.filter(
            donor_id=donor_id, version__state=VersionState.FREEZING
        ).count(),
    }

"""Donations and their files: the donor's own, and what workers have to clean."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from consent import queries as consent
from core.accounts.queries import Reader
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, Upload
from registry.rules.lifecycle import UNSENT, DonationState, FileState, UploadState


@dataclass(frozen=True)
class StudyFacts:
    """The files of one examination: how many are in which state, and how many were turned away for which reason."""

    number: int
    modality: str
    files: int
    states: dict[str, int]
    reasons: dict[str, int]


@dataclass(frozen=True)
class DonationFacts:
    """A donation as its page shows it: `held` files of `people` wait for the donor's answer and are in no study."""

    donation: Donation
    studies: list[StudyFacts]
    states: dict[str, int]
    held: int
    people: int


def donations_of(user: Reader) -> QuerySet[Donation]:
    """The user's own donations, newest first."""
    return Donation.objects.filter(donor_id__in=consent.donors_of(user).values("pk")).select_related("programme")


def unsent_donation(user: Reader) -> Donation | None:
    """The user's newest donation that is not sent yet."""
    return donations_of(user).filter(state__in=UNSENT).first()


def donation_facts(donation: Donation) -> DonationFacts:
    """Everything that a donation's page says, from three small columns of its files."""
    rows = donation.files.exclude(state=FileState.REMOVED).order_by("id")
    values = list(rows.values_list("study_key", "modality", "state", "reason"))
    states = Counter(state for _, _, state, _ in values)
    people = rows.filter(state=FileState.HELD).values("person_key").distinct().order_by().count()
    own = [row for row in values if row[2] != FileState.HELD]
    keys = list(dict.fromkeys(study for study, *_ in own))
    studies = [_study(number, [row for row in own if row[0] == key]) for number, key in enumerate(keys, 1)]
    return DonationFacts(donation, studies, dict(states), states[FileState.HELD], people)


def _study(number: int, rows: list[tuple[str, str, str, str]]) -> StudyFacts:
    return StudyFacts(
        number=number,
        modality=next((modality for _, modality, _, _ in rows if modality), ""),
        files=len(rows),
        states=dict(Counter(state for _, _, state, _ in rows)),
        reasons=dict(Counter(reason for _, _, _, reason in rows if reason)),
    )


def donations_to_clean() -> QuerySet[Donation]:
    """For workers: submitted donations that have files to clean."""
    waiting = DonatedFile.objects.filter(state=FileState.RECEIVED)
    return Donation.objects.filter(state=DonationState.SUBMITTED, pk__in=waiting.values("donation_id"))


def files_to_clean(donation_id: UUID) -> QuerySet[DonatedFile]:
    """For workers: the files of a submitted donation that are neither cleaned nor turned away yet, in order."""
    return DonatedFile.objects.filter(
        donation_id=donation_id, state=FileState.RECEIVED, donation__state=DonationState.SUBMITTED
    ).order_by("id")


def files_given(donation_id: UUID) -> QuerySet[DonatedFile]:
    """For workers: every file of a submitted donation whose bytes are kept, whatever became of it, in order."""
    given = DonatedFile.objects.filter(donation_id=donation_id, donation__state=DonationState.SUBMITTED)
    return given.exclude(state=FileState.REMOVED).exclude(stored__state=ObjectState.ERASED).order_by("id")


def open_uploads(donation_id: UUID) -> QuerySet[Upload]:
    """The uploads of a donation of which bytes are missing, in the order in which they were promised."""
    return Upload.objects.filter(donation_id=donation_id, state=UploadState.OPEN).order_by("pk")


@dataclass(frozen=True)
class Lacking:
    """Of the files that were promised for a donation: how many there are, and of how many bytes are missing."""

    missing: int
    promised: int


def lacking(donation: Donation) -> Lacking:
    """What has not arrived of an open donation's promised files; promises that are too old to go on count no more."""
    is_missing = Q(state=UploadState.OPEN, expires_at__gt=timezone.now())
    counted = Upload.objects.filter(donation=donation).aggregate(
        missing=Count("pk", filter=is_missing), taken=Count("pk", filter=Q(state=UploadState.TAKEN))
    )
    return Lacking(counted["missing"], counted["missing"] + counted["taken"])

"""A donor's scans: the files of one examination in one donation, counted by the database and not one by one."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from consent import queries as consent
from registry.models import DonatedFile, Image
from registry.rules.lifecycle import FileState
from registry.rules.selection import MODALITY_WORDS

#: What names a scan within the registry; it is never shown.
KEY: Any = Concat(Cast("donation_id", CharField()), Value("/"), "study_key", output_field=CharField())


@dataclass
class Scan:
    """One examination of one donation: what it is, when it was given, and how many of its files are in which state."""

    key: str
    donor_id: UUID
    donation_id: UUID
    given_at: datetime
    states: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)

    @property
    def files(self) -> int:
        """How many files it has."""
        return self.states.total()

    @property
    def modality(self) -> str:
        """Of which kind most of them are; what is no picture counts only where nothing else is there."""
        pictures = [kind for kind, _ in self.modalities.most_common() if kind in MODALITY_WORDS]
        return (pictures or [kind for kind, _ in self.modalities.most_common() if kind] or [""])[0]


def scans_of(donor_id: UUID) -> list[Scan]:
    """One donor's scans, those given last first.

    What a donor took back, or said is not theirs, is no part of their gift; after a withdrawal, what was erased is.
    """
    rows = files_given_by(donor_id).annotate(scan=KEY)
    columns = ("scan", "donation_id", "donation__submitted_at", "modality", "state")
    scans: dict[str, Scan] = {}
    for key, donation, at, modality, state, number in rows.values_list(*columns).annotate(n=Count("pk")).order_by():
        scan = scans.setdefault(key, Scan(key, donor_id, donation, at))
        scan.states[state] += number
        scan.modalities[modality] += number
    return sorted(scans.values(), key=lambda scan: (scan.given_at, scan.key), reverse=True)


def files_given_by(donor_id: UUID) -> QuerySet[DonatedFile]:
    """The files that are a donor's gift: sent off, theirs, and given once."""
    left_out = [FileState.DUPLICATE, FileState.HELD]
    if consent.may_donate(donor_id):
        left_out.append(FileState.REMOVED)
    given = DonatedFile.objects.filter(donation__donor_id=donor_id, donation__submitted_at__isnull=False)
    return given.exclude(state__in=left_out)


def images_by_scan(donor_id: UUID) -> QuerySet[Any]:
    """The donor's clean images, each with the key of its scan (`scan`)."""
    return Image.objects.filter(donor_id=donor_id).annotate(scan=scan_of("file_id"))


def scan_of(file_id: str) -> Subquery:
    """The key of a file's scan, for rows that name the file in this column."""
    return Subquery(DonatedFile.objects.filter(pk=OuterRef(file_id)).annotate(scan=KEY).values("scan")[:1])

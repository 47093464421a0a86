"""What a donor may take away again of what they gave: by list and by file, each by the same querysets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from consent import queries as consent
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Image
from registry.rules.giving_back import ANOTHERS, Copy, Gone
from registry.rules.leaving import Way, may_go
from registry.rules.lifecycle import FileState, ImageState

BATCH = 500


@dataclass(frozen=True)
class GivenFile:
    """One file in one of its copies; `why` says why it is not handed back, `at` since when it is erased."""

    copy: Copy
    key: UUID
    sha256: str
    size: int
    why: Gone | None = None
    at: datetime | None = None

    @property
    def name(self) -> str:
        """Its path in what the donor takes away: its own name was never kept."""
        return f"{self.copy}/{self.key}.dcm"


def sent_back(donor_id: UUID) -> QuerySet[DonatedFile]:
    """The files as they were sent that the donor may have: stored, theirs, and of nobody else as far as is known."""
    stopped = Image.objects.filter(donor_id=donor_id).exclude(state=ImageState.AVAILABLE)
    return (
        _sent(donor_id)
        .filter(stored__state=ObjectState.STORED, donation__donor__in=consent.in_force())
        .exclude(state__in=[FileState.HELD, FileState.REMOVED])
        .exclude(reason__in=ANOTHERS)
        .exclude(pk__in=stopped.values("file_id"))
    )


def clean_back(donor_id: UUID) -> QuerySet[Image]:
    """The clean copies that the donor may have: those that could leave for anybody else, were it allowed."""
    images = Image.objects.filter(donor_id=donor_id, state=ImageState.AVAILABLE, stored__state=ObjectState.STORED)
    heads = [head for head in (True, False) if may_go(undefaced_head=head, way=Way.OUTSIDE)]
    return images.filter(undefaced_head__in=heads, donor__in=consent.in_force())


def amount_back(donor_id: UUID) -> dict[Copy, tuple[int, int]]:
    """(files, bytes) of each copy that the donor may have now."""
    found = {Copy.SENT: sent_back(donor_id), Copy.CLEAN: clean_back(donor_id)}
    return {copy: (rows.count(), rows.aggregate(n=Sum("size"))["n"] or 0) for copy, rows in found.items()}


def keys_of(donor_id: UUID, copy: Copy) -> Iterator[UUID]:
    """The keys of everything that there was in this copy, a batch at a time: no query stays open in between."""
    rows: QuerySet[Any] = _sent(donor_id) if copy is Copy.SENT else Image.objects.filter(donor_id=donor_id)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    while keys:
        yield from keys
        keys = list(rows.filter(pk__gt=keys[-1]).order_by("pk").values_list("pk", flat=True)[:BATCH])


def given_file(donor_id: UUID, copy: Copy, key: UUID) -> GivenFile:
    """One file as it stands at this moment."""
    if copy is Copy.SENT:
        file = DonatedFile.objects.select_related("stored").get(pk=key)
        may, why = sent_back(donor_id).filter(pk=key).exists(), _why_not_sent(file)
        return GivenFile(copy, key, file.sha256, file.size, None if may else why, file.stored.erased_at)
    found = Image.objects.get(pk=key)
    may, at = clean_back(donor_id).filter(pk=key).exists(), found.withdrawn_at
    return GivenFile(copy, key, found.sha256, found.size, None if may else _why_not_clean(found), at)


def _sent(donor_id: UUID) -> QuerySet[DonatedFile]:
    return DonatedFile.objects.filter(donation__donor_id=donor_id)


def _why_not_sent(file: DonatedFile) -> Gone:
    if file.state == FileState.REMOVED or file.stored.state != ObjectState.STORED:
        return Gone.ERASED
    if file.state == FileState.HELD:
        return Gone.HELD
    recalled = Image.objects.filter(file_id=file.pk, state=ImageState.RECALLED).exists()
    return Gone.STOPPED if recalled or file.reason in ANOTHERS else Gone.ERASED


def _why_not_clean(found: Image) -> Gone:
    if found.state == ImageState.RECALLED:
        return Gone.STOPPED
    return Gone.HEAD if found.undefaced_head and found.state == ImageState.AVAILABLE else Gone.ERASED

"""What the cleaner knows of a donated file: ids and where its bytes lie, taken from the registry at one place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.storage.models import StoredObject
from registry import queries as registry

#: The most files that one step looks at; a larger donation takes several steps in any case.
MOST_FILES = 2_000


@dataclass(frozen=True)
class SourceFile:
    """One file to clean: its id, its donation's, its programme's and its donor's; its size in bytes and its object.

    `coded`: the donor's browser is said to have cleaned it.
    """

    pk: UUID
    donation_id: UUID
    programme_id: UUID
    donor_id: UUID
    size: int
    stored: StoredObject = field(repr=False)
    coded: bool = False


def files_left(donation_id: UUID) -> list[SourceFile]:
    """The next files of a submitted donation that are still to be cleaned, oldest first."""
    return _sources(registry.files_to_clean(donation_id))


def files_given(donation_id: UUID, *, after: UUID | None = None) -> list[SourceFile]:
    """The files of a submitted donation, whatever became of them: those after one of them, oldest first."""
    rows = registry.files_given(donation_id)
    return _sources(rows if after is None else rows.filter(pk__gt=after))


def _sources(rows: QuerySet[Any]) -> list[SourceFile]:
    # Pieces, too: files are read in threads that ask the database nothing.
    found = rows.select_related("donation", "stored").prefetch_related("stored__pieces")[:MOST_FILES]
    return [
        SourceFile(row.pk, row.donation_id, row.programme_id, row.donation.donor_id, row.size, row.stored, row.coded)
        for row in found
    ]


def is_any_left(donation_id: UUID) -> bool:
    """Whether files of the donation are still to be cleaned."""
    return registry.files_to_clean(donation_id).exists()


def still_left(files: Iterable[SourceFile]) -> set[UUID]:
    """Those of a donation's files that nobody has decided meanwhile; holds their rows until this transaction ends."""
    wanted = {file.pk: file.donation_id for file in files}
    found: set[UUID] = set()
    for donation_id in set(wanted.values()):
        rows = registry.files_to_clean(donation_id).filter(pk__in=wanted).select_for_update(of=("self",))
        found |= {row.pk for row in rows}
    return found


def batches(files: Sequence[SourceFile], *, most_files: int, most_bytes: int) -> Iterator[list[SourceFile]]:
    """The files in order, in groups of so many files and bytes at most; a larger file is a group of its own."""
    batch: list[SourceFile] = []
    for file in files:
        if batch and (len(batch) == most_files or sum(each.size for each in batch) + file.size > most_bytes):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch

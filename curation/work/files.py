"""What the cleaner knows of a donated file: ids only, taken from the registry's rows at one place."""

from dataclasses import dataclass
from uuid import UUID

from registry import queries as registry


@dataclass(frozen=True)
class SourceFile:
    """One file to clean: its id, its donation's, its programme's and its donor's."""

    pk: UUID
    donation_id: UUID
    programme_id: UUID
    donor_id: UUID


def files_left(donation_id: UUID) -> list[SourceFile]:
    """The files of a submitted donation that are still to be cleaned, oldest first."""
    rows = registry.files_to_clean(donation_id).select_related("donation")
    return [SourceFile(row.pk, donation_id, row.programme_id, row.donation.donor_id) for row in rows]


def still_left(file: SourceFile) -> bool:
    """Whether nobody has decided the file meanwhile; holds its row until this transaction ends."""
    rows = registry.files_to_clean(file.donation_id).filter(pk=file.pk)
    return rows.select_for_update(of=("self",)).first() is not None

"""The receipt of a donation that was sent off: its files, their root hash, and when they are destroyed."""

from typing import Any

from registry.models import Donation
from registry.queries.raw import raw_facts
from registry.rules.lifecycle import FileState
from registry.rules.receipt import FORMAT, in_order, root_of


def files_sent(donation: Donation) -> list[tuple[str, int]]:
    """(SHA-256, bytes) of each file that is in the donation."""
    return list(donation.files.exclude(state=FileState.REMOVED).order_by().values_list("sha256", "size"))


def receipt_of(donation: Donation) -> dict[str, Any] | None:
    """The receipt as JSON, or None where nothing was sent off.

    `files` is None once some of them were taken out again: the root still says what was sent.
    """
    if not donation.root:
        return None
    files, raw = files_sent(donation), raw_facts(donation)
    return {
        "format": FORMAT,
        "donation": str(donation.pk),
        "submitted_at": donation.submitted_at,
        "root": donation.root,
        "files": in_order(files) if root_of(files) == donation.root else None,
        "raw_destroyed_by": raw.until,
        "raw_destroyed_at": raw.gone_at,
    }

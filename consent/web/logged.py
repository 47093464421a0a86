"""What a donor reads of the public log: that it still holds everything it did when they signed, or that it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent import actions
from consent.models import LogEntry
from consent.queries import log_problem

WAITING, HOLDS, BROKEN = "waiting", "holds", "broken"


@dataclass(frozen=True)
class Seen:
    """What one visit found: `since` is when the donor signed, `size` how many entries the log had then."""

    state: str
    since: datetime | None = None
    size: int = 0


def seen(entries: Iterable[LogEntry], since: datetime | None) -> Seen | None:
    """Checks each entry against the log of today, as whoever keeps the receipt could; None where there is no entry.

    What does not hold is told to the stewards in the same breath.
    """
    found = list(entries)
    problems = [(entry, code) for entry in found if (code := log_problem(entry)) is not None]
    for entry, code in problems:
        actions.report_broken_log(entry, code)
    sizes = [entry.size for entry in found if entry.size is not None]
    if problems:
        return Seen(BROKEN, since)
    if not found:
        return None
    return Seen(HOLDS, since, min(sizes)) if sizes else Seen(WAITING)


def numbers(proofs: dict[str, Any] | None) -> list[dict[str, Any]]:
    """For the printed receipt: number, fingerprint and log size of each entry."""
    return [
        {"number": each["leaf"]["index"] + 1, "leaf": in_parts(each["leaf_hash"]), "size": each["head"]["size"],
         "root": in_parts(each["head"]["root"])}
        for each in (proofs or {"entries": []})["entries"]
    ]  # fmt: skip


def in_parts(digest: str) -> list[str]:
    """A digest in parts of eight, between which a narrow page may break the line."""
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]

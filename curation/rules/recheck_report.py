"""The report of a recheck as plain values, for its page, as JSON and as CSV. Plain Python."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any

COLUMNS = ("derivation", "series", "sop_uid", "outcome", "codes", "rules_before", "looked_at")


@dataclass(frozen=True)
class Row:
    """One file of which there is something to say. `codes` with spaces between; all ids are the registry's own."""

    derivation: str
    series: str
    sop_uid: str
    outcome: str
    codes: str
    rules_before: str
    looked_at: str


@dataclass(frozen=True)
class Report:
    """A whole recheck: how many files came to what, what was found how often, the rules before and now, and when."""

    recheck: str
    programme: str
    state: str
    total: int
    examined: int
    outcomes: Mapping[str, int]
    codes: Mapping[str, int]
    recalled: int
    rules_before: Mapping[str, int]
    rules_now: str
    code_digest: str
    started: str
    finished: str
    files: list[Row]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON takes it."""
        return asdict(self)


def as_csv(rows: Iterable[Row]) -> str:
    """The rows under their columns, as RFC 4180 has it."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()

"""The ten actions of MIDI-B, the Medical Image De-Identification Benchmark, and how many of each were done right.

Named as in its answer keys (Rutherford and others, arXiv 2508.01889). A place counts once for each action that is
asked of it there.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Asked(StrEnum):
    """What an answer key may ask for at a place."""

    TAG_RETAINED = "tag retained"
    TEXT_NOTNULL = "text notnull"
    TEXT_RETAINED = "text retained"
    TEXT_REMOVED = "text removed"
    DATE_SHIFTED = "date shifted"
    UID_CHANGED = "uid changed"
    UID_CONSISTENT = "uid consistent"
    PATID_CONSISTENT = "patid consistent"
    PIXELS_RETAINED = "pixels retained"
    PIXELS_HIDDEN = "pixels hidden"


#: Writing in pictures is found by no rule about attributes: a person looks at every picture that may show some.
NOT_CLAIMED = frozenset({Asked.PIXELS_HIDDEN})


class Check(NamedTuple):
    """One place, what was asked there, and whether it was done."""

    asked: Asked
    place: str
    right: bool


def failed(checks: Iterable[Check]) -> list[str]:
    """The places where what was asked was not done."""
    return sorted({f"{check.asked.value}: {check.place}" for check in checks if not check.right})


def score(by_profile: dict[str, list[Check]]) -> str:
    """The score as a table, one column a profile."""
    counts: dict[tuple[str, Asked], list[bool]] = defaultdict(list)
    for profile, checks in by_profile.items():
        for check in checks:
            counts[profile, check.asked].append(check.right)
    lines = [
        "| Asked | " + " | ".join(f"`{name}`" for name in by_profile) + " |",
        "| :-- |" + " --: |" * len(by_profile),
    ]
    for asked in Asked:
        cells = (_cell(asked, counts[profile, asked]) for profile in by_profile)
        lines.append(f"| {asked.value} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(asked: Asked, found: list[bool]) -> str:
    if asked in NOT_CLAIMED:
        return "not claimed"
    return f"{sum(found):,} of {len(found):,}" if found else "not asked"

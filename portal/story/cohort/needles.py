"""Makes planted values ready to be searched for: every spelling, and a quick test that most bytes fail."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from portal.story.cohort.spellings import (
    SHORTEST,
    date_spellings,
    phone_spellings,
    require_long,
    text_spellings,
)

ANCHOR = SHORTEST  # bytes that the exact table is keyed by
_MULTIPLIER = np.uint32(0x9E3779B1)


@dataclass(frozen=True)
class PlantedValue:
    """One value to look for: its kind ("name", "id", "date" …), the text, day or raw bytes, and whose it is."""

    kind: str
    value: str | bytes | date
    donor: int


@dataclass(frozen=True)
class CompiledNeedles:
    """Planted values made ready for `search_bytes`; build with `compile_needles`.

    `filter` answers for a hash of four bytes whether any anchor begins with them; `anchors` gives for seven bytes
    the spellings that contain them, each with the anchor's offset inside the spelling.
    """

    spellings: dict[bytes, tuple[PlantedValue, ...]]
    anchors: dict[bytes, tuple[tuple[int, bytes], ...]]
    filter: NDArray[np.bool_]
    shift: np.uint32
    longest: int


def spellings_of(planted: PlantedValue) -> set[bytes]:
    """Every byte string, ASCII in lower case, that would give this value away.

    Raises:
        ValueError: the value is too short to be searched for.
    """
    if isinstance(planted.value, bytes):
        require_long(planted.value)
        return {planted.value.lower()}
    if isinstance(planted.value, date):
        return date_spellings(planted.value)
    return phone_spellings(planted.value) if planted.kind == "phone" else text_spellings(planted.value)


def compile_needles(values: Iterable[PlantedValue]) -> CompiledNeedles:
    """Make values ready for searching, each in all of its spellings.

    Raises:
        ValueError: a value is too short to be searched for.
    """
    owners: dict[bytes, list[PlantedValue]] = defaultdict(list)
    for planted in values:
        for spelling in spellings_of(planted):
            owners[spelling].append(planted)
    anchors: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
    for spelling, at in _choose_anchors(owners):
        anchors[spelling[at : at + ANCHOR]].append((at, spelling))
    bits = min(22, max(12, len(anchors).bit_length() + 7))
    shift = np.uint32(32 - bits)
    table = np.zeros(1 << bits, np.bool_)
    table[hashes(b"".join(anchor[:4] for anchor in anchors), 0, shift)] = True
    return CompiledNeedles(
        {spelling: tuple(whose) for spelling, whose in owners.items()},
        {anchor: tuple(where) for anchor, where in anchors.items()},
        table,
        shift,
        max(map(len, owners), default=0),
    )


def _choose_anchors(spellings: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """For each spelling the offset of its least shared seven bytes: numbers and UIDs begin alike and end unlike."""
    shared = Counter(s[at : at + ANCHOR] for s in spellings for at in range(len(s) - ANCHOR + 1))
    for spelling in spellings:
        places = range(len(spelling) - ANCHOR, -1, -1)
        yield spelling, min(places, key=lambda at: shared[spelling[at : at + ANCHOR]])


def hashes(piece: bytes, phase: int, shift: np.uint32) -> NDArray[np.uint32]:
    """A hash of every fourth four bytes, from the phase on."""
    count = max(0, len(piece) - phase) // 4
    return (np.frombuffer(piece, "<u4", count, phase) * _MULTIPLIER) >> shift

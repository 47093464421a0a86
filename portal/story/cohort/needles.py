"""Finds any of many thousand planted values in any bytes, fast: the story's last look for a leak."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from portal.story.cohort.digits import stands_alone
from portal.story.cohort.spellings import date_spellings, phone_spellings, text_spellings

_CHUNK = 1 << 22  # bytes looked at together: small enough for the processor's cache to help
_ANCHOR = 7  # bytes: the shortest spelling, and what the exact table is keyed by
_MULTIPLIER = np.uint32(0x9E3779B1)


@dataclass(frozen=True)
class PlantedValue:
    """One value to look for: its kind ("name", "id", "date" …), the text, day or raw bytes, and whose it is."""

    kind: str
    value: str | bytes | date
    donor: int


@dataclass(frozen=True)
class Hit:
    """A planted value found at an offset, in bytes."""

    planted: PlantedValue
    offset: int


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
        if len(planted.value) < _ANCHOR:
            raise ValueError("A planted value needs at least seven bytes; a shorter one is found by chance.")
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
        anchors[spelling[at : at + _ANCHOR]].append((at, spelling))
    bits = min(22, max(12, len(anchors).bit_length() + 7))
    shift = np.uint32(32 - bits)
    table = np.zeros(1 << bits, np.bool_)
    table[_hashes(b"".join(anchor[:4] for anchor in anchors), 0, shift)] = True
    return CompiledNeedles(
        {spelling: tuple(whose) for spelling, whose in owners.items()},
        {anchor: tuple(where) for anchor, where in anchors.items()},
        table,
        shift,
        max(map(len, owners), default=0),
    )


def search_bytes(haystack: bytes, needles: CompiledNeedles) -> list[Hit]:
    """Every planted value in the bytes, in order; upper and lower case of ASCII letters count as the same."""
    hits = []
    for start in range(0, len(haystack), _CHUNK):
        margin = min(start, needles.longest)
        piece = haystack[start - margin : start + _CHUNK + needles.longest].lower()
        for offset, spelling in _found(piece, needles):
            if margin <= offset < margin + _CHUNK and stands_alone(piece, offset, spelling):
                hits += [Hit(whose, start - margin + offset) for whose in needles.spellings[spelling]]
    return sorted(hits, key=lambda hit: hit.offset)


def _choose_anchors(spellings: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """For each spelling the offset of its least shared seven bytes: numbers and UIDs begin alike and end unlike."""
    shared = Counter(s[at : at + _ANCHOR] for s in spellings for at in range(len(s) - _ANCHOR + 1))
    for spelling in spellings:
        places = range(len(spelling) - _ANCHOR, -1, -1)
        yield spelling, min(places, key=lambda at: shared[spelling[at : at + _ANCHOR]])


def _found(piece: bytes, needles: CompiledNeedles) -> Iterator[tuple[int, bytes]]:
    """Offset and spelling of every exact occurrence in a lower-cased piece."""
    for at in _candidates(piece, needles):
        for inside, spelling in needles.anchors.get(piece[at : at + _ANCHOR], ()):
            if at >= inside and piece.startswith(spelling, at - inside):
                yield at - inside, spelling


def _candidates(piece: bytes, needles: CompiledNeedles) -> list[int]:
    """Offsets whose next four bytes may begin an anchor."""
    places = [
        np.flatnonzero(needles.filter[_hashes(piece, phase, needles.shift)]) * 4 + phase for phase in range(4)
    ]
    return np.concatenate(places).tolist()


def _hashes(piece: bytes, phase: int, shift: np.uint32) -> NDArray[np.uint32]:
    """A hash of every fourth four bytes, from the phase on."""
    count = max(0, len(piece) - phase) // 4
    return (np.frombuffer(piece, "<u4", count, phase) * _MULTIPLIER) >> shift

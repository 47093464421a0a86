"""Finds any of many thousand planted values in any bytes, fast: the story's last look for a leak."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portal.story.cohort.digits import stands_alone
from portal.story.cohort.needles import ANCHOR, CompiledNeedles, PlantedValue, hashes

_CHUNK = 1 << 22  # bytes looked at together: small enough for the processor's cache to help


@dataclass(frozen=True)
class Hit:
    """A planted value found at an offset, in bytes."""

    planted: PlantedValue
    offset: int


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


def _found(piece: bytes, needles: CompiledNeedles) -> Iterator[tuple[int, bytes]]:
    """Offset and spelling of every exact occurrence in a lower-cased piece."""
    for at in _candidates(piece, needles):
        for inside, spelling in needles.anchors.get(piece[at : at + ANCHOR], ()):
            if at >= inside and piece.startswith(spelling, at - inside):
                yield at - inside, spelling


def _candidates(piece: bytes, needles: CompiledNeedles) -> list[int]:
    """Offsets whose next four bytes may begin an anchor."""
    if len(piece) < ANCHOR:
        return []
    places = [np.flatnonzero(needles.filter[hashes(piece, phase, needles.shift)]) * 4 + phase for phase in range(4)]
    found: list[int] = np.concatenate(places).tolist()
    return found

"""What the frame header of a JPEG says of its components: how they are sampled, and their grids of 8 x 8 blocks.

(ITU-T T.81 sections A.1.1, A.2.3 and B.2.2.)
"""

from typing import NamedTuple

from curation.pixels.codestreams import segments

_BLOCK = 8
_DCT = frozenset({0xC0, 0xC1, 0xC2})
_MOST_SAMPLING = 4


class Component(NamedTuple):
    """One component: pixels of the picture across and down a block of it, and how many blocks it has."""

    across: int
    down: int
    blocks_down: int
    blocks_across: int


class Grid(NamedTuple):
    """The components of a frame, and the pixels across and down of the smallest unit that holds blocks of all."""

    components: tuple[Component, ...]
    across: int
    down: int


def frame_header(frame: bytes) -> bytes:
    """The content of the frame header from its precision on; empty where there is none."""
    return next((frame[start:end] for marker, start, end in segments(frame) if marker in _DCT), b"")


def grid_of(frame: bytes) -> Grid | None:
    """The grid of blocks; None where the sampling is of a kind that is not blanked in place."""
    header = frame_header(frame)
    rows, columns = int.from_bytes(header[1:3], "big"), int.from_bytes(header[3:5], "big")
    sampling = [(byte >> 4, byte & 15) for byte in header[7::3]]
    if len(sampling) == 1:
        sampling = [(1, 1)]  # the blocks of a single component follow each other whatever its sampling says
    if not sampling or any(not 0 < each <= _MOST_SAMPLING for pair in sampling for each in pair):
        return None
    wide, high = (max(factors) for factors in zip(*sampling, strict=True))
    if any(wide % across or high % down for across, down in sampling):
        return None
    components = tuple(
        Component(
            across=_BLOCK * wide // across,
            down=_BLOCK * high // down,
            blocks_down=-(-rows * down // (_BLOCK * high)),
            blocks_across=-(-columns * across // (_BLOCK * wide)),
        )
        for across, down in sampling
    )
    return Grid(components, _BLOCK * wide, _BLOCK * high)

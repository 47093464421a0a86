"""Cuts a frame into overlapping parts of one size, so that large frames are searched at full size, flat ones not."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region

#: A part's longest edge and how far two of them overlap, in pixels of the frame: a line of writing that lies in no part
#: as a whole is found in two pieces.
EDGE, OVERLAP = 480, 64
#: The networks see twice a part's size, in multiples of 32.
STEP = 16
#: A part in which all shades are so close together shows nothing.
FLAT = 3


def tiles(rows: int, columns: int) -> Iterator[Region]:
    """The parts of a frame, from the upper left."""
    for top, height in _spans(rows):
        for left, width in _spans(columns):
            yield Region(left, top, width, height)


def cut(shades: NDArray[np.uint8], region: Region) -> NDArray[np.uint8]:
    """A part of a frame; a view of it."""
    return shades[region.top : region.top + region.height, region.left : region.left + region.width]


def is_flat(part: NDArray[np.uint8]) -> bool:
    """Whether nothing can be seen in a part."""
    return int(part.max()) - int(part.min()) <= FLAT


def _spans(length: int) -> Iterator[tuple[int, int]]:
    """Where parts begin along one side, and how long they are: of one length, no more than needed, evenly apart.

    They overlap by OVERLAP or a little more: lengths are multiples of STEP, so that no part is padded for the models.
    """
    if length <= EDGE + OVERLAP:
        yield 0, length
        return
    count = -(-(length - OVERLAP) // (EDGE - OVERLAP))
    size = -(-(length + (count - 1) * OVERLAP) // (count * STEP)) * STEP
    for number in range(count):
        yield round(number * (length - size) / (count - 1)), size

"""Bits of the pixels that no value uses, in which overlay planes or anything else may stand; found and taken away.

Until 2004 an overlay could stand in such bits (PS3.5 section 8.1.2, retired), and no viewer of today shows it. A sign
carried up into them says nothing, and neither does a sign that was not.
"""

import numpy as np

from curation.pixels.bits import cells_of, values_of
from curation.pixels.frames import Picture
from curation.pixels.layout import Layout
from curation.pixels.native import Cells


def hidden_bits(picture: Picture) -> bool:
    """Whether bits outside of the values hold anything in any frame; decodes them one after the other.

    Raises CannotShow.
    """
    if not has_unused(picture.layout):
        return False
    frames = (index for index in _first_of_each(picture) if may_hide(picture, index))
    return any(unmasked(picture.cells(index), picture.layout) for index in frames)


def has_unused(layout: Layout) -> bool:
    """Whether cells have bits that are no part of a value."""
    return not layout.real and layout.stored < layout.allocated


def may_hide(picture: Picture, index: int) -> bool:
    """Whether a frame can hold more than its values: a codestream of their precision cannot."""
    layout = picture.layout
    plain = layout.high == layout.stored - 1
    return not (plain and picture.compressed and picture.said(index).precision <= layout.stored)


def unmasked(cells: Cells, layout: Layout) -> bool:
    """Whether cells hold anything outside of their values."""
    return masked(cells, layout) is not cells


def masked(cells: Cells, layout: Layout) -> Cells:
    """The cells with nothing outside of their values but the sign; the same array where there was nothing."""
    made = cells_of(values_of(cells, layout), layout)
    if np.array_equal(made, cells):
        return cells
    if layout.signed and not np.any(cells & np.bitwise_not(np.asarray(_field(layout), layout.dtype))):
        return cells  # a sign that was never carried up
    return made


def _field(layout: Layout) -> int:
    return ((1 << layout.stored) - 1) << (layout.high + 1 - layout.stored)


def _first_of_each(picture: Picture) -> list[int]:
    """The first of frames that are alike."""
    found: dict[str, int] = {}
    for index in range(picture.count):
        found.setdefault(picture.digest(index), index)
    return list(found.values())

"""The bits of a cell that are its value, and those that are none (PS3.5 section 8.1.1)."""

import numpy as np

from curation.pixels.layout import Layout
from curation.pixels.native import Cells


def shift(layout: Layout) -> int:
    """How many bits of a cell stand below its value."""
    return layout.high + 1 - layout.stored


def value_mask(layout: Layout) -> int:
    """The bits of a cell that are its value."""
    return ((1 << layout.stored) - 1) << shift(layout)


def values_of(cells: Cells, layout: Layout) -> Cells:
    """The values of cells: what stands outside of their bits taken away, the sign carried up."""
    if layout.real or (layout.stored == layout.allocated and not layout.signed):
        return cells
    signed = np.dtype(f"i{layout.dtype.itemsize}")
    up = 8 * layout.dtype.itemsize - 1 - layout.high
    moved = np.left_shift(cells, layout.dtype.type(up)) if up else cells
    if layout.signed:
        moved = moved.view(signed)
    down = 8 * layout.dtype.itemsize - layout.stored
    return np.right_shift(moved, moved.dtype.type(down)) if down else moved


def cells_of(values: Cells, layout: Layout) -> Cells:
    """Cells that hold these values and nothing else; the sign of a negative one fills what stands above."""
    if layout.real:
        return values
    cells = values.astype(layout.dtype)
    return np.left_shift(cells, layout.dtype.type(shift(layout))) if shift(layout) else cells

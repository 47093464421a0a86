"""Finds where a grey frame has strokes that are thin and sharp, as letters are, and stand apart from noise."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels.native import Cells

#: Means are of cells of so many pixels each way; a field is so many cells, lying or standing, and fields overlap.
CELL, LONG, SHORT = 6, 6, 2
#: Bends of a line of values count against what stands out of so many pixels each way. A single edge has 0.75 of it,
#: what a lens or a filter has softened less, strokes of a pixel or two more.
AROUND, SHARP = 9, 0.9
#: How unequal bends in a field are: the root of their mean square over their mean. Noise of one spread has 1.25, and in
#: some fields more by chance, so that where it is noise that is sharp more is wanted.
UNEVEN, NOISY, UNEVEN_IN_NOISE = 1.4, 1.4, 1.55
#: What differs by less than this part of the picture's range, without so many values at each end, is nothing.
LEAST, TAIL = 1 / 1024, 0.001
_Means = NDArray[np.float32]


class _Field(NamedTuple):
    """How large bends are in a field, across and down, each with its mean square, and how much stands out."""

    across: _Means
    down: _Means
    across_squared: _Means
    down_squared: _Means
    out: _Means


def sharp_fields(values: Cells) -> list[Region]:
    """The fields of a grey frame in which something is drawn finely; `values`: as they are stored, rows x columns.

    It compares a field with itself alone: bends (second differences) are large against what stands out at all, so that
    it is no edge of an organ; and they are unequal, so that it is no noise. In one direction alone it is no writing.
    """
    if min(values.shape) < 2 * CELL:
        return []
    grey, least = _within_range(values)
    cells = _cells(grey)
    found = []
    for high, wide in ((SHORT, LONG), (LONG, SHORT)):
        fields = _Field(*(_summed(each, high, wide) for each in cells))
        for row, column in np.argwhere(_is_drawn(fields, least)).tolist():
            found.append(_region(row, column, high, wide, grey.shape))
    return found


def _within_range(values: Cells) -> tuple[_Means, float]:
    """The values, without those far beyond the others; and what counts as nothing."""
    grey = values.astype(np.float32)
    step = max(1, min(grey.shape) // 128)
    low, high = (float(each) for each in np.quantile(grey[::step, ::step], [TAIL, 1 - TAIL]))
    span = max(high - low, 1e-6)
    return np.clip(grey, low - span, high + span), span * LEAST


def _cells(grey: _Means) -> list[_Means]:
    import cv2

    line = np.array([[1, -2, 1]], np.float32)
    across, down = (np.abs(cv2.filter2D(grey, -1, each)) for each in (line, line.T))
    out = np.abs(grey - cv2.blur(grey, (AROUND, AROUND)))
    return [_means(each) for each in (across, down, across * across, down * down, out)]


def _means(bends: _Means) -> _Means:
    """The mean of each cell; what is over at the right and below goes with the last."""
    import cv2

    rows, columns = (max(1, size // CELL) for size in bends.shape)
    return np.asarray(cv2.resize(bends, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _summed(cells: _Means, high: int, wide: int) -> _Means:
    """The mean of each field, by its first cell; of those at the edges, of the cells that there are."""
    import cv2

    rows, columns = (min(part, size) for part, size in zip((high, wide), cells.shape, strict=True))
    means = cv2.blur(cells, (columns, rows), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(means, np.float32)[: cells.shape[0] - rows + 1, : cells.shape[1] - columns + 1]


def _is_drawn(fields: _Field, least: float) -> NDArray[np.bool_]:
    across, down, across_squared, down_squared, out = fields
    sharp = np.minimum(across, down) / (out + least)
    uneven = np.where(sharp > NOISY, UNEVEN_IN_NOISE, UNEVEN)
    found: NDArray[np.bool_] = sharp > SHARP
    for bends, squared in ((across, across_squared), (down, down_squared)):
        found &= squared > (uneven * (bends + least)) ** 2
    return found


def _region(row: int, column: int, high: int, wide: int, shape: tuple[int, ...]) -> Region:
    """A field in the frame's pixels; cells are as large as the frame divides into them."""
    rows, columns = (max(1, size // CELL) for size in shape)
    top, bottom = row * shape[0] // rows, min(-(-(row + high) * shape[0] // rows), shape[0])
    left, right = column * shape[1] // columns, min(-(-(column + wide) * shape[1] // columns), shape[1])
    return Region(left, top, right - left, bottom - top)

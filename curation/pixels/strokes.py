"""Finds strokes of one value where a detector measured: faint writing that networks trained on print do not see.

What a detector measures is noisy: neighbours of exactly one value are few, and no value has many more of them than
others do. A device or a program that draws letters writes one value beside itself, however little it differs from what
is around. It needs no model, and says nothing where a lossy codec or smoothing has mixed the values.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels.native import Cells

#: The fields in which neighbours are counted, in pixels: a line of small writing. They overlap by half.
HEIGHT, WIDTH = 24, 72
#: So many pairs of neighbours with one value, and so many times as many as of any other value, are strokes.
LEAST_PAIRS, TIMES = 36, 8
#: Or so many more than twice those of any other value.
SURELY_MORE = 100
#: So far from the lowest value a value may be that lowest one, rounded otherwise: air where a scanner cuts off.
CUT_OFF = 1
#: So many pairs, and so many times as many as of the value that has the so manieth most, may be strokes: letters with
#: smoothed edges have few pixels of one value, and two strings have two.
PERHAPS_PAIRS, PERHAPS_TIMES, RANK = 28, 5, 4
#: Values with fewer pairs in the whole frame are left out where fields are chosen, and so are all beyond so many.
FEWEST, MOST_VALUES = 10, 1024
#: Places are wholly even, such as what lies outside of the body, where so many pixels each way have one value: strokes
#: are thinner. Around these nothing is counted in so many pixels.
EVEN, AWAY = 5, 3
#: Neighbours: beside each other, and with one between them, as in letters of separate dots; down and right.
_STEPS = ((0, 1), (0, 2), (1, 0), (2, 0))
_Counts = NDArray[np.int64]


class Strokes(NamedTuple):
    """Fields in which strokes of one value surely stand, and those in which they may: the former are among these."""

    sure: list[Region]
    perhaps: list[Region]


class _Pairs(NamedTuple):
    """Neighbours of one value: where the first and the second stand, and the value's number from 0, the lowest."""

    row: _Counts
    column: _Counts
    value: _Counts
    last_row: _Counts
    last_column: _Counts


def even_strokes(values: Cells) -> Strokes:
    """The fields of a grey frame with strokes of one value; `values`: as they are stored, rows x columns.

    For sure ones the lowest values and the highest one are not counted: those a detector cuts off at.
    """
    numbers = _numbered(values)
    pairs = _pairs(numbers)
    perhaps = [_field(each, values.shape) for each in _perhaps(pairs, values.shape)]
    inner = _Pairs(*(each[(pairs.value > CUT_OFF) & (pairs.value < numbers.max())] for each in pairs))
    return Strokes([each for each in perhaps if _surely(inner, each)], perhaps)


def _numbered(values: Cells) -> NDArray[np.uint16]:
    """Values counted from the lowest one; where they span too much, equal numbers for equal values."""
    if values.dtype.kind != "f":
        low, high = int(values.min()), int(values.max())
        if high - low < 1 << 16:
            return (values.astype(np.int64) - low).astype(np.uint16)
    ranks = np.unique(values, return_inverse=True)[1].reshape(values.shape)
    return (ranks % ((1 << 16) - 1) + (ranks > 0)).astype(np.uint16) if ranks.max() >> 16 else ranks.astype(np.uint16)


def _pairs(numbers: NDArray[np.uint16]) -> _Pairs:
    usable = ~_near_even(numbers)
    rows, columns = numbers.shape
    found = []
    for down, right in _STEPS:
        one, other = numbers[: rows - down, : columns - right], numbers[down:, right:]
        is_pair = (one == other) & usable[: rows - down, : columns - right] & usable[down:, right:]
        row, column = np.divmod(np.flatnonzero(is_pair), columns - right)
        found.append((row, column, one[is_pair].astype(np.int64), row + down, column + right))
    return _Pairs(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _near_even(numbers: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Pixels that are like all of their neighbours, and those close by.

    In NumPy alone: strokes are searched for also where there is no detector, and no OpenCV.
    """
    half, uneven = EVEN // 2, np.zeros(numbers.shape, bool)
    for axis in (0, 1):
        differs = np.zeros(numbers.shape, bool)
        along, out = np.moveaxis(numbers, axis, 0), np.moveaxis(differs, axis, 0)
        np.not_equal(along[1:], along[:-1], out=out[:-1])  # at the first of two neighbours
        uneven |= _any(_any(differs, axis, half, half - 1), 1 - axis, half, half)
    return _any(_any(~uneven, 0, AWAY, AWAY), 1, AWAY, AWAY)


def _any(marks: NDArray[np.bool_], axis: int, before: int, after: int) -> NDArray[np.bool_]:
    """Whether any is marked among so many before a pixel along an axis, itself, and so many after it."""
    found = marks.copy()
    along, out = np.moveaxis(marks, axis, 0), np.moveaxis(found, axis, 0)
    for step in range(1, min(before, len(along) - 1) + 1):
        out[step:] |= along[:-step]
    for step in range(1, min(after, len(along) - 1) + 1):
        out[:-step] |= along[step:]
    return found


def _perhaps(pairs: _Pairs, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """The fields, by row and column of half fields, in which one value has more pairs than it should have."""
    totals = np.bincount(pairs.value)
    kept = np.argsort(-totals, kind="stable")[:MOST_VALUES]
    kept = kept[totals[kept] >= FEWEST]
    place = np.full(len(totals), -1)
    place[kept] = np.arange(len(kept))
    number = place[pairs.value]
    high, wide = -(-shape[0] // (HEIGHT // 2)), -(-shape[1] // (WIDTH // 2))
    cell = (pairs.row // (HEIGHT // 2) * wide + pairs.column // (WIDTH // 2)) * len(kept) + number
    counts = np.bincount(cell[number >= 0], minlength=high * wide * len(kept)).reshape(high, wide, len(kept))
    found = _stands_out(_four(counts))[: max(1, high - 1), : max(1, wide - 1)]
    return [(row, column) for row, column in np.argwhere(found).tolist()]


def _four(counts: _Counts) -> _Counts:
    """The counts of fields: each of two half fields down and two across."""
    padded = np.pad(counts, ((0, 1), (0, 1), (0, 0)))
    down = padded[:-1] + padded[1:]
    return down[:, :-1] + down[:, 1:]


def _stands_out(counts: _Counts) -> NDArray[np.bool_]:
    if counts.shape[2] == 0:
        return np.zeros(counts.shape[:2], bool)
    most, rank = counts.max(axis=2), counts.shape[2] - RANK
    others = np.partition(counts, rank, axis=2)[:, :, rank] if rank >= 0 else 0
    found: NDArray[np.bool_] = (most >= PERHAPS_PAIRS) & (most >= PERHAPS_TIMES * (others + 1))
    return found


def _field(place: tuple[int, int], shape: tuple[int, ...]) -> Region:
    top, left = place[0] * (HEIGHT // 2), place[1] * (WIDTH // 2)
    return Region(left, top, min(WIDTH, shape[1] - left), min(HEIGHT, shape[0] - top))


def _surely(pairs: _Pairs, field: Region) -> bool:
    inside = (pairs.row >= field.top) & (pairs.last_row < field.top + field.height)
    inside &= (pairs.column >= field.left) & (pairs.last_column < field.left + field.width)
    next_most, most = (int(each) for each in np.sort(np.bincount(pairs.value[inside], minlength=2))[-2:])
    enough = most >= TIMES * (next_most + 1) or most - 2 * next_most >= SURELY_MORE
    return most >= LEAST_PAIRS and enough

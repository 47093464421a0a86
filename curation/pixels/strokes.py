"""Finds strokes of one value where a detector measured: faint writing that networks trained on print do not see.

What a detector measures is noisy: neighbours of exactly one value are few, and no value has many more of them than
others do. A device or a program that draws letters writes one value beside itself, however little it differs from what
is around. It needs no model, and says nothing where a lossy codec or smoothing has mixed the values.
"""

from collections.abc import Iterator, Sequence

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
#: Places are wholly even, such as what lies outside of the body, where so many pixels each way have one value: strokes
#: are thinner. Around these nothing is counted in so many pixels.
_EVEN, _AWAY = 5, 3
_Ranks = NDArray[np.int64]


def even_strokes(values: Cells) -> list[Region]:
    """The fields of a grey frame in which strokes of one value stand; `values`: as they are stored, rows x columns.

    The lowest and the highest value are not counted: those a detector cuts off at.
    """
    ranks = np.unique(values, return_inverse=True)[1].reshape(values.shape)
    ranks[(ranks == ranks.max()) | _near_even(ranks)] = 0
    # Beside each other, and with one between them: letters of separate dots.
    pairs = [np.where(ranks[:, n:] == ranks[:, :-n], ranks[:, n:], 0) for n in (1, 2)]
    pairs += [np.where(ranks[n:] == ranks[:-n], ranks[n:], 0) for n in (1, 2)]
    rows, columns = values.shape
    return [region for region in _fields(rows, columns) if _has_strokes(pairs, region)]


def _fields(rows: int, columns: int) -> Iterator[Region]:
    for top in range(0, max(1, rows - HEIGHT // 2), HEIGHT // 2):
        for left in range(0, max(1, columns - WIDTH // 2), WIDTH // 2):
            yield Region(left, top, min(WIDTH, columns - left), min(HEIGHT, rows - top))


def _has_strokes(pairs: Sequence[_Ranks], field: Region) -> bool:
    left, top, width, height = field
    where = slice(top, top + height), slice(left, left + width)
    counts = np.sort(np.unique(np.concatenate([_paired(each[where]) for each in pairs]), return_counts=True)[1])
    if not counts.size or counts[-1] < LEAST_PAIRS:
        return False
    most, next_most = int(counts[-1]), int(counts[-2]) if counts.size > 1 else 0
    return most >= TIMES * (next_most + 1) or most - 2 * next_most >= SURELY_MORE


def _paired(ranks: _Ranks) -> _Ranks:
    return ranks[ranks > 0]


def _near_even(ranks: _Ranks) -> NDArray[np.bool_]:
    """Pixels that are like all of their neighbours, and those close by."""
    around = np.pad(ranks, _EVEN // 2, "edge")
    rows, columns = ranks.shape
    even = np.ones(ranks.shape, bool)
    for y in range(_EVEN):
        for x in range(_EVEN):
            even &= around[y : y + rows, x : x + columns] == ranks
    wide = np.pad(even, _AWAY)
    near = np.zeros(ranks.shape, bool)
    for y in range(2 * _AWAY + 1):
        for x in range(2 * _AWAY + 1):
            near |= wide[y : y + rows, x : x + columns]
    return near

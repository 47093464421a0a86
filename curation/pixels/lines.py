"""Lines that may be writing: what several copies of a frame show at one place, put together, cut out and read."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import ocr

Shades = NDArray[np.uint8]
#: A region goes so much further than the line that was found: across it, along it, and along one that stands upright,
#: in parts of its height; at least in pixels; then to the next multiple of GRID, so that it hangs on no rounding of the
#: models, and whole blocks of JPEG go.
PADDING, BEYOND, UPRIGHT, LEAST_PADDING, GRID = 0.3, 1.0, 2.0, 3, 8
#: Two boxes of which the smaller lies so far in the other are one line.
SHARED = 0.4
#: A reading this good needs no second try the other way up.
GOOD = 0.85
#: Of the boxes at one place, so many are read: the network that finds likes them best.
MOST_READ = 2
#: The most lines of a part of a frame that are read; no device writes more, and textures may.
MOST_LINES = 120


class Candidate(NamedTuple):
    """A box that was found in a copy of a frame; `turned`: the copy is a quarter turn counterclockwise."""

    box: ocr.Box
    shades: Shades
    turned: bool = False

    @property
    def edges(self) -> list[float]:
        """Left, top, right and bottom in the copy as it would stand upright."""
        left, top, right, bottom = _edges(self.box.corners)
        if not self.turned:
            return [left, top, right, bottom]
        width = self.shades.shape[0]
        return [width - bottom, left, width - top, right]


class Line(NamedTuple):
    """A place, how sure it is that something is written there, and everything that was read in it."""

    region: Region
    found: float
    readings: tuple[ocr.Read, ...]

    def __repr__(self) -> str:
        return f"Line({self.region}, {self.found})"


def grouped(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates by place, those of each place from the surest down."""
    groups: list[tuple[list[float], list[Candidate]]] = []
    for each in sorted(candidates, key=lambda one: (-one.box.score, one.box.corners.tobytes())):
        edges = each.edges
        for around, group in groups:
            if _overlap(edges, around):
                group.append(each)
                around[:] = [*map(min, around[:2], edges[:2]), *map(max, around[2:], edges[2:])]
                break
        else:
            groups.append((edges, [each]))
    return [group for _, group in groups[:MOST_LINES]]


def read(groups: Sequence[Sequence[Candidate]], scale: int, shape: tuple[int, int]) -> list[Line]:
    """Each group as a line; `scale`: of the copies, `shape`: of the part of the frame, whose pixels regions are in."""
    return [Line(_region(group, scale, shape), group[0].box.score, _readings(group)) for group in groups]


def _readings(group: Sequence[Candidate]) -> tuple[ocr.Read, ...]:
    told: list[ocr.Read] = []
    for each in group[:MOST_READ]:
        for crop in _ways(each):
            told += ocr.read([crop])
            if told[-1].score >= GOOD:
                return tuple(told)
    return tuple(told)


def _ways(candidate: Candidate) -> list[Shades]:
    """The line cut out and laid flat, and the other way up; a tall one also as it stands."""
    flat = _cut(candidate)
    if flat.shape[0] < 1.5 * flat.shape[1]:
        return [flat, np.ascontiguousarray(np.rot90(flat, 2))]
    return [np.ascontiguousarray(np.rot90(flat, turns)) for turns in (1, 3)]


def _cut(candidate: Candidate) -> Shades:
    """A box as an upright image (rapidocr's own way: a perspective transform of the four corners)."""
    import cv2

    corners = candidate.box.corners
    width = max(2, round(max(_length(corners[0], corners[1]), _length(corners[2], corners[3]))))
    height = max(2, round(max(_length(corners[0], corners[3]), _length(corners[1], corners[2]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turned = cv2.getPerspectiveTransform(corners, target)
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpPerspective(candidate.shades, turned, (width, height), borderMode=border), np.uint8)


def _length(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.hypot(*(one - other)))


def _region(group: Sequence[Candidate], scale: int, shape: tuple[int, int]) -> Region:
    edges = [each.edges for each in group]
    left, top = (min(each[n] for each in edges) / scale for n in (0, 1))
    right, bottom = (max(each[n] for each in edges) / scale for n in (2, 3))
    width, height = right - left, bottom - top
    more = max(LEAST_PADDING, PADDING * min(width, height))
    # The models cut off first and last letters, above all of writing that stands upright: it goes farther lengthwise.
    beyond = BEYOND if width > height else UPRIGHT
    along = max(more, beyond * min(width, height)) if max(width, height) > 2 * min(width, height) else more
    across, down = (along, more) if width > height else (more, along)
    return snapped(left - across, top - down, right + across, bottom + down, shape)


def snapped(left: float, top: float, right: float, bottom: float, shape: tuple[int, int]) -> Region:
    """A rectangle outward to the next multiples of GRID, within a frame of this height and width."""
    x, y = (max(0, int(np.floor(edge / GRID)) * GRID) for edge in (left, top))
    x_end, y_end = (int(np.ceil(edge / GRID)) * GRID for edge in (right, bottom))
    return Region(x, y, min(x_end, shape[1]) - x, min(y_end, shape[0]) - y)


def _edges(corners: NDArray[np.float32]) -> list[float]:
    return [float(edge) for edge in (*corners.min(axis=0), *corners.max(axis=0))]


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    width, height = (min(one[n + 2], other[n + 2]) - max(one[n], other[n]) for n in (0, 1))
    smaller = min((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return width > 0 and height > 0 and width * height >= SHARED * smaller

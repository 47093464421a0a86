"""Paints a lesion: a bright, round, soft-edged spot inside the body, now and then too faint to be found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# How much brighter than the tissue around it: Hounsfield units, as calcified tissue is, or MR units (1000 = bright).
_CONTRAST = {"CT": (700, 1800), "MR": (600, 1600)}
_TRIES = 60


@dataclass(frozen=True)
class Spot:
    """Where a lesion lies, in pixels, how large it is and how much brighter than what surrounds it."""

    row: int
    column: int
    radius: float
    contrast: float


def place(draw: np.random.Generator, image: NDArray[np.float32], body: NDArray[np.bool_], modality: str) -> Spot:
    """A spot well inside the body, on tissue of middling brightness; `image` and `body` have the same shape."""
    radius = draw.uniform(0.038, 0.07) * image.shape[0]
    low, high = np.percentile(image[body], [5, 98])
    contrast = float(draw.uniform(*_CONTRAST[modality]))
    rows, columns = np.nonzero(body)
    best, best_share = (image.shape[0] // 2, image.shape[1] // 2), -1.0
    for at in draw.integers(len(rows), size=_TRIES):
        row, column = int(rows[at]), int(columns[at])
        share = _tissue_around(image, body, row, column, int(radius * 1.8), float(high - (high - low) * 0.35))
        if share > best_share:
            best, best_share = (row, column), share
        if share == 1.0:
            break
    return Spot(*best, radius, contrast)


def paint(draw: np.random.Generator, image: NDArray[np.float32], spot: Spot) -> NDArray[np.float32]:
    """The image with the spot on it, a little differently large, long and placed on each slice."""
    rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
    radius, stretch = spot.radius * draw.uniform(0.8, 1.1), draw.uniform(0.85, 1.15)
    down, across = rows - spot.row - draw.normal(0, 0.7), columns - spot.column - draw.normal(0, 0.7)
    distance = np.hypot(down * stretch, across / stretch)
    edge = np.clip((distance - radius) / (0.18 * radius), -30, 30)
    return image + (spot.contrast / (1 + np.exp(edge))).astype(np.float32)


def _tissue_around(
    image: NDArray[np.float32], body: NDArray[np.bool_], row: int, column: int, reach: int, bright: float
) -> float:
    """The share of a square around a point that is body, not already bright, and not cut off by the picture's edge."""
    if min(row, column) < reach or max(row, column) + reach >= image.shape[0]:
        return 0.0
    window = np.s_[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return float(np.mean(body[window] & (image[window] < bright)))

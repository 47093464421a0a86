"""Makes a donor's neighbouring slices from one real slice: cut, turned, brightened and noisy, so that no two agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.story.cohort.anatomy import AIR, Region, body, picture, regions
from portal.story.cohort.lesion import paint, place

_SIDES = (128, 144, 160, 192)  # pixels
_SOFT = np.array([0.25, 0.5, 0.25], np.float32)
_NOISE_IN_AIR = 0.25  # of what it is in water


@dataclass(frozen=True)
class Series:
    """A donor's slices, each rows x columns in Hounsfield units (CT) or arbitrary units (MR), and what they show."""

    images: tuple[NDArray[np.float32], ...]
    region: Region
    with_lesion: tuple[bool, ...]


def make_series(draw: np.random.Generator, *, modality: str, count: int, lesion: bool) -> Series:
    """`count` neighbouring slices of one body; with `lesion`, a bright round spot on all or all but one of them."""
    choice = regions(modality)
    region = choice[int(draw.integers(len(choice)))]
    side, view = int(draw.choice(_SIDES)), _view(draw, region)
    plain = [_sample(region, view * _step(draw), side) for _ in range(count)]
    affected = [lesion and (i != 0 or draw.random() < 0.5) for i in range(count)]
    images = [_brightness(draw, image, modality) for image in plain]
    if lesion:
        spot = place(draw, images[-1], body(images[-1], modality), modality)
        images = [paint(draw, image, spot) if here else image for image, here in zip(images, affected, strict=True)]
    noisy = tuple(_noise(draw, image, modality) for image in images)
    return Series(noisy, region, tuple(affected))


def _view(draw: np.random.Generator, region: Region) -> NDArray[np.float64]:
    """How this donor lies in the picture: centre x, centre y, signed width, height, angle in radians."""
    side = region.side * draw.uniform(0.82, 1.0)
    mirrored = -1 if draw.random() < 0.5 else 1
    shift = draw.uniform(-0.03, 0.03, 2)
    return np.array(
        [region.centre[0] + shift[0], region.centre[1] + shift[1], side * mirrored, side, draw.normal(0, 0.08)]
    )


def _step(draw: np.random.Generator) -> NDArray[np.float64]:
    """The small difference between two neighbouring slices, as factors on a view."""
    return np.concatenate([draw.normal(1, 0.006, 2), np.full(2, draw.normal(1, 0.012)), [1.0]])


def _sample(region: Region, view: NDArray[np.float64], side: int) -> NDArray[np.float32]:
    """The view of the picture on a grid of side x side pixels, bilinear; outside lies air."""
    source = picture(region.file)
    x, y, width, height, angle = view
    grid = (np.arange(side) + 0.5) / side - 0.5
    u, v = np.meshgrid(grid * width, grid * height)
    columns = (x + u * np.cos(angle) - v * np.sin(angle)) * source.shape[1] - 0.5
    rows = (y + u * np.sin(angle) + v * np.cos(angle)) * source.shape[0] - 0.5
    left, top = np.floor(columns).astype(int), np.floor(rows).astype(int)
    inside = (left >= 0) & (top >= 0) & (left < source.shape[1] - 1) & (top < source.shape[0] - 1)
    left, top = np.where(inside, left, 0), np.where(inside, top, 0)
    right, low = (columns - left).astype(np.float32), (rows - top).astype(np.float32)
    upper = source[top, left] * (1 - right) + source[top, left + 1] * right
    lower = source[top + 1, left] * (1 - right) + source[top + 1, left + 1] * right
    outside = AIR if region.modality == "CT" else 0.0
    return np.where(inside, upper * (1 - low) + lower * low, outside).astype(np.float32)


def _brightness(draw: np.random.Generator, image: NDArray[np.float32], modality: str) -> NDArray[np.float32]:
    """A scanner's own scale: an offset for CT, a factor for MR."""
    if modality == "CT":
        return image + np.float32(draw.normal(0, 8))
    return image * np.float32(draw.uniform(0.85, 1.15))


def _noise(draw: np.random.Generator, image: NDArray[np.float32], modality: str) -> NDArray[np.float32]:
    """The image as a scanner shows it: a little soft, with noise of a strength of its own, less of it in a CT's air.

    MR shows the magnitude of two noisy parts, so that its noise is never below 0 and nothing is cut off there
    (Gudbjartsson and Patz, Magn Reson Med 34:910, 1995).
    """
    strength = draw.uniform(12, 35) if modality == "CT" else draw.uniform(8, 22)
    soft = _soft(image)
    if modality == "CT":
        density = np.clip((soft - AIR) / 1000, _NOISE_IN_AIR, 1)
        return np.clip(soft + _grain(draw, image.shape, strength) * density, -1024, 3071)
    noisy = np.hypot(soft + _grain(draw, image.shape, strength), _grain(draw, image.shape, strength))
    return np.clip(noisy, 0, 3071)


def _grain(draw: np.random.Generator, shape: tuple[int, ...], strength: float) -> NDArray[np.float32]:
    """Noise of this standard deviation that is as soft as the image."""
    spread = np.float32(strength / float((_SOFT**2).sum()))
    return _soft(draw.standard_normal(shape, dtype=np.float32)) * spread


def _soft(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """An image through a small point spread, the same each way."""
    padded = np.pad(image, 1, "edge")
    down = sum(weight * padded[n : n + image.shape[0]] for n, weight in enumerate(_SOFT))
    across = sum(weight * down[:, n : n + image.shape[1]] for n, weight in enumerate(_SOFT))
    return np.asarray(across, np.float32)

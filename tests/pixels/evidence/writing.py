"""Draws a string into a picture and remembers which pixels are its own."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from .fonts import mask_of

#: A pixel that is covered by so much belongs to a letter; from 0 to 255.
INK = 128
EVERY = -1
#: How a string gets its tone: so much lighter or darker than the mean of what is under it, of 255.
FULL = 255
_TOO_LIKE = 0.25
#: How far around a string its surroundings go, in pixels; the noise of what has none.
_NEAR, _EVEN = 4, 1e-3


class Writing(NamedTuple):
    """A string and how it is written.

    `size`: the font's, in pixels; capitals are three quarters as high. `contrast`: against the mean of what lies under
    it, of 255; 255 is white, -255 black. `at`: its middle, as parts of the picture's width and height. `angle`: in
    degrees against the clock; `mirrored`: as on a film that lies the wrong way. `around`: nothing, "outline" in the
    opposite tone, or "box", which it fills. `frames`: those that show it; none is every one. `drift`: pixels
    to the right from frame to frame. `colour`: which samples carry it; none is all.
    """

    text: str
    size: int = 16
    contrast: int = FULL
    at: tuple[float, float] = (0.5, 0.5)
    font: str = "sans"
    angle: float = 0
    mirrored: bool = False
    around: str = ""
    frames: tuple[int, ...] = ()
    drift: int = 0
    colour: tuple[int, ...] = ()


class Planted(NamedTuple):
    """A string in one frame: a rectangle from `top` and `left`, and which of its pixels are ink.

    `clearness`: how far ink differs from what was there, in spreads of the noise around: what is under two of them
    nobody reads with any certainty, letter by letter.
    """

    writing: Writing
    frame: int
    top: int
    left: int
    ink: np.ndarray
    clearness: float = 0.0

    @property
    def box(self) -> tuple[slice, slice]:
        """Where it stands, for a frame."""
        return slice(self.top, self.top + self.ink.shape[0]), slice(self.left, self.left + self.ink.shape[1])


def plant(frames: np.ndarray, writings: Sequence[Writing], top: float = 255.0) -> list[Planted]:
    """Draws into frames (count x rows x columns, with samples or without) of values from 0 to `top`, in place."""
    found = []
    for each in writings:
        for number in each.frames or range(len(frames)):
            found += _drawn(frames[number], each, number, top)
    return found


def _drawn(frame: np.ndarray, writing: Writing, number: int, top: float) -> list[Planted]:
    cover = _cover(writing)
    y, x = _corner(frame.shape, cover.shape, writing, number)
    cover, y, x = _inside(cover, y, x, frame.shape)
    planted = Planted(writing, number, y, x, cover >= INK)
    if not planted.ink.any():
        return []
    before, under = frame.copy(), frame[planted.box]
    tone, opposite = _tones(under, writing, top)
    if writing.around == "box":
        under[...] = _mixed(under, np.full(cover.shape, 255, np.uint8), opposite, writing)
    elif writing.around == "outline":
        under[...] = _mixed(under, _grown(cover), opposite, writing)
    under[...] = _mixed(under, cover, tone, writing)
    return [planted._replace(clearness=_clearness(before.clip(0, top), frame.clip(0, top), planted))]


def _clearness(before: np.ndarray, after: np.ndarray, planted: Planted) -> float:
    if before.ndim == 3:
        before, after = before.mean(axis=2), after.mean(axis=2)
    rows, columns = (slice(max(0, part.start - _NEAR), part.stop + _NEAR) for part in planted.box)
    part = before[rows, columns]
    around = np.pad(part, 2, mode="edge")
    height, width = part.shape
    smooth = sum(around[y : y + height, x : x + width] for y in range(5) for x in range(5)) / 25
    noise = max(float((part - smooth).std()), _EVEN)
    return abs(float((after - before)[planted.box][planted.ink].mean())) / noise


def _cover(writing: Writing) -> np.ndarray:
    cover = mask_of(writing.text, writing.font, writing.size)
    pad = 3 if writing.around else 0
    image = Image.fromarray(np.pad(cover, pad))
    if writing.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if writing.angle:
        image = image.rotate(writing.angle, Image.Resampling.BICUBIC, expand=True)
    return np.asarray(image)


def _corner(shape: Sequence[int], size: Sequence[int], writing: Writing, number: int) -> tuple[int, int]:
    """The top row and left column; what is at 0 or 1 stands wholly inside, what is beyond is cut by the edge."""
    places = []
    for whole, part, share in ((shape[0], size[0], writing.at[1]), (shape[1], size[1], writing.at[0])):
        place = round(share * whole - part / 2)
        places.append(min(max(0, place), max(0, whole - part)) if 0 <= share <= 1 else place)
    return places[0], places[1] + writing.drift * number


def _inside(cover: np.ndarray, y: int, x: int, shape: Sequence[int]) -> tuple[np.ndarray, int, int]:
    cut = cover[max(0, -y) : shape[0] - y, max(0, -x) : shape[1] - x]
    return cut, max(0, y), max(0, x)


def _tones(under: np.ndarray, writing: Writing, top: float) -> tuple[float, float]:
    mean, step = float(under.clip(0, top).mean()), writing.contrast * top / 255
    if abs(writing.contrast) >= FULL:
        # White on white nobody can read: the other tone then.
        light = (writing.contrast > 0) != (abs(mean / top - (writing.contrast > 0)) < _TOO_LIKE)
        return (top, 0.0) if light else (0.0, top)
    if not 0 <= mean + step <= top:
        step = -step
    return mean + step, (0.0 if step > 0 else top)


def _mixed(under: np.ndarray, cover: np.ndarray, tone: float, writing: Writing) -> np.ndarray:
    part = cover.astype(float) / 255
    if under.ndim == 3:
        samples = writing.colour or range(under.shape[2])
        part = part[..., None] * np.isin(np.arange(under.shape[2]), list(samples))
    return under * (1 - part) + tone * part


def _grown(cover: np.ndarray) -> np.ndarray:
    """One pixel more in each direction."""
    out = cover.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            out = np.maximum(out, np.roll(cover, (down, right), (0, 1)))
    return out

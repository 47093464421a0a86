"""Ways of looking at a frame in which writing stands out: as shown, contrast stretched place by place, inverted."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.pixels.frames import Picture
from curation.pixels.native import Cells

Shades = NDArray[np.uint8]
#: The edge of the fields in which contrast is stretched, in pixels of the frame, and how much at most.
FIELD, MOST_STRETCHED = 64, 4.0
#: A frame is looked at in twice its size, where writing of 8 pixels is as high as the models were taught.
SCALE = 2
#: Of the values that are stored, the share at each end that may go over when they become 256 shades.
TAIL = 0.001


class Copy(NamedTuple):
    """A copy of a frame or of a part of it: grey or of three colours, `SCALE` times as large."""

    name: str
    shades: Shades


def views(picture: Picture, index: int) -> list[Shades]:
    """A frame as a person sees it, and, where its window hides values, as it is without a window.

    Raises CannotShow.
    """
    shown = picture.shown(index)
    if shown.ndim == 3 or picture.layout.samples == 3 or picture.layout.stored <= 8:
        return [shown]
    whole = stretched(picture.stored(index))
    return [shown] if _alike(shown, whole) else [shown, whole]


def stretched(values: Cells) -> Shades:
    """All values that are stored as 256 shades, but for the few highest and lowest."""
    sample = values[:: max(1, values.shape[0] // 512), :: max(1, values.shape[1] // 512)]
    low, high = np.quantile(sample, [TAIL, 1 - TAIL])
    shades: Shades = np.clip((values - np.float32(low)) * np.float32(255 / max(high - low, 1e-6)), 0, 255).astype(
        np.uint8
    )
    return shades


def copies(part: Shades, *, thorough: bool) -> Iterator[Copy]:
    """The copies of a part of a frame that are searched; but for `thorough`, the plain one alone."""
    plain = larger(part)
    yield Copy("plain", plain)
    if thorough:
        yield Copy("contrast", _by_place(plain))
        yield Copy("inverted", 255 - plain)


def larger(part: Shades) -> Shades:
    """A part of a frame in SCALE times its size."""
    import cv2

    size = (part.shape[1] * SCALE, part.shape[0] * SCALE)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _by_place(shades: Shades) -> Shades:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994), each colour by itself."""
    import cv2

    fields = [max(1, round(size / (FIELD * SCALE))) for size in shades.shape[1::-1]]
    equalizer = cv2.createCLAHE(MOST_STRETCHED, (fields[0], fields[1]))
    if shades.ndim == 2:
        return np.asarray(equalizer.apply(shades), np.uint8)
    return np.stack([equalizer.apply(np.ascontiguousarray(shades[:, :, n])) for n in range(3)], 2)


def _alike(shown: Shades, whole: Shades) -> bool:
    """Whether the window cuts off next to nothing that the whole range shows."""
    inside = (shown > 0) & (shown < 255)
    cut = ~inside & (whole > 8) & (whole < 247)
    return float(cut.mean()) < TAIL / 10

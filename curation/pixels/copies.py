"""Ways of looking at a frame in which writing stands out: as shown, contrast stretched, inverted, turned."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.pixels.frames import Picture
from curation.pixels.looks import edges, looks_of, modality
from curation.pixels.native import Cells

Shades = NDArray[np.uint8]
#: The edge of the fields in which contrast is stretched, in pixels of the frame, and how much at most.
FIELD, MOST_STRETCHED = 64, 4.0
#: So many copies there are for a thorough search.
THOROUGH = 4
#: A frame is looked at in twice its size, where writing of 8 pixels is as high as the models were taught.
SCALE = 2
#: A frame of more pixels is large: a radiograph.
LARGE_FRAME = 2_500_000
#: How far around a pixel its neighbours are, as the sigma of a Gaussian in pixels; how many shades their spread is; the
#: least that a spread is taken for, as a part of the range of the values, without so many of them at each end.
AROUND, SPREAD_SHADES, LEAST_SPREAD, TAIL = 8, 50, 1 / 128, 0.001
#: Shades for what lies below a window, and as many for what lies above; fewer pixels there than these write nothing.
BEYOND, LEAST_HIDDEN = 60, 40
#: How much larger than the other the view of even contrast is looked at.
FINER = 1.5
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class Copy(NamedTuple):
    """A copy of a frame or of a part of it: grey or of three colours, `SCALE` times as large.

    `turned`: by a quarter, counterclockwise.
    """

    name: str
    shades: Shades
    turned: bool = False


def views(picture: Picture, index: int, *, shown_alone: bool = False) -> list[Shades]:
    """A frame as a person sees it, with what its window hides; and with its contrast made even everywhere.

    Of a large frame, in which writing is large as well, and with `shown_alone` the first alone. Raises CannotShow.
    """
    shown = picture.shown(index)
    is_one = shown_alone or shown.size > LARGE_FRAME
    if shown.ndim == 3 or picture.layout.samples == 3:
        return [shown] if is_one else [shown, leveled(shown)]
    values = picture.stored(index)
    unhidden = _unhidden(picture, index, values, shown)
    return [unhidden] if is_one else [unhidden, leveled(values)]


def _unhidden(picture: Picture, index: int, values: Cells, shown: Shades) -> Shades:
    """The shades of a window in the middle of the range, what lies below and above it in the rest; or `shown` as it is.

    So one look finds writing in the window and beyond it: paper and ink that both are black, or both white.
    """
    looks = looks_of(picture.header, index)
    scaled = modality(values, looks)
    low, high = edges(looks.window, float(scaled.min()), float(scaled.max()))
    beyond = [(scaled < low, 0), (scaled > high, 255 - BEYOND)]
    if all(mask.sum() < LEAST_HIDDEN for mask, _ in beyond):
        return shown
    shades = BEYOND + (scaled - low) * np.float32((255 - 2 * BEYOND) / max(high - low, 1e-6))
    for mask, base in beyond:
        if mask.any():
            least, most = np.quantile(scaled[mask], [5 * TAIL, 1 - 5 * TAIL])
            shades[mask] = base + BEYOND * np.clip((scaled[mask] - least) / max(most - least, 1e-6), 0, 1)
    found: Shades = np.clip(shades, 0, 255).astype(np.uint8)
    return ~found if looks.inverted else found


def leveled(values: Cells) -> Shades:
    """How far each value stands out of what is around it, in the spread of what is around it: 128 is not at all.

    Faint writing over tissue, and writing that a window does not show, stands out of it as much as any other.
    """
    import cv2

    whole = values.astype(np.float32)
    grey = whole @ _LUMA if whole.ndim == 3 else whole
    low, high = np.quantile(grey[:: max(1, grey.shape[0] // 512), :: max(1, grey.shape[1] // 512)], [TAIL, 1 - TAIL])
    out = grey - cv2.GaussianBlur(grey, (0, 0), AROUND)
    spread = np.sqrt(cv2.GaussianBlur(out * out, (0, 0), AROUND)) + max(float(high - low) * LEAST_SPREAD, 1e-6)
    shades: Shades = np.clip(128 + out / spread * SPREAD_SHADES, 0, 255).astype(np.uint8)
    return shades


def copies(part: Shades, *, thorough: bool, level: bool = False) -> Iterator[Copy]:
    """The copies of a part of a frame that are searched; but for `thorough`, the plain one alone.

    `level`: its contrast is even already.
    """
    plain = larger(part)
    yield Copy("plain", plain)
    if thorough and not level:
        yield Copy("contrast", _by_place(plain))
        yield Copy("inverted", 255 - plain)
    if thorough:
        yield Copy("turned", np.ascontiguousarray(np.rot90(plain)), turned=True)


def larger(part: Shades, times: float = SCALE) -> Shades:
    """A part of a frame in so many times its size."""
    import cv2

    size = (round(part.shape[1] * times), round(part.shape[0] * times))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _by_place(shades: Shades) -> Shades:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994), each colour by itself."""
    import cv2

    fields = [max(1, round(size / (FIELD * SCALE))) for size in shades.shape[1::-1]]
    equalizer = cv2.createCLAHE(MOST_STRETCHED, (fields[0], fields[1]))
    if shades.ndim == 2:
        return np.asarray(equalizer.apply(shades), np.uint8)
    return np.stack([equalizer.apply(np.ascontiguousarray(shades[:, :, n])) for n in range(3)], 2)

"""Draws what people look at: a file's frames on one PNG, those with findings first, and where each of them stands."""

from collections.abc import Collection, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from curation.deid.pictures.plan import Region
from curation.pixels.frames import Picture
from curation.pixels.search import evenly
from curation.pixels.task import Sheet, Shown

#: A frame's edge in the PNG, in pixels, when there is one frame and when there are several.
EDGE, EDGE_OF_MANY = 1024, 512
#: So many frames are shown: of those without findings, and of those with, each evenly spread.
PLAIN_FRAMES, MARKED_FRAMES = 4, 12
#: zlib's strategy for pictures, by its number in zlib.h.
Z_RLE = 3


def chosen(count: int, marked: Collection[int] = ()) -> list[int]:
    """Which frames are shown: first up to a dozen that bear findings, then the first, the last and two between."""
    first = sorted(marked)
    first = [first[n] for n in evenly(len(first), MARKED_FRAMES)] if first else []
    return [*first, *(index for index in evenly(count, PLAIN_FRAMES) if index not in first)]


def sheet(picture: Picture, indices: Sequence[int]) -> Sheet:
    """These frames beside each other; raises CannotShow."""
    edge = EDGE if len(indices) == 1 else EDGE_OF_MANY
    small = [_small(picture.shown(index), edge) for index in indices]
    columns = 1 if len(small) == 1 else 2 if len(small) <= PLAIN_FRAMES else 4
    width, height = max(frame.width for frame in small), max(frame.height for frame in small)
    scale = max(small[0].width / picture.columns, small[0].height / picture.rows)
    whole = Image.new(small[0].mode, (columns * width, -(-len(small) // columns) * height))
    shown = []
    for number, (index, frame) in enumerate(zip(indices, small, strict=True)):
        left, top = number % columns * width, number // columns * height
        whole.paste(frame, (left, top))
        shown.append(Shown(index, Region(left, top, frame.width, frame.height), min(scale, 1.0)))
    return Sheet(_png(whole), tuple(shown))


def card(words: str) -> Sheet:
    """A PNG that says something instead of showing a picture."""
    image = Image.new("L", (256, 256), 235)
    ImageDraw.Draw(image).text((128, 128), words, fill=40, anchor="mm")
    return Sheet(_png(image))


def _small(shades: NDArray[np.uint8], edge: int) -> Image.Image:
    image = Image.fromarray(shades)
    image.thumbnail((edge, edge))
    return image


def _png(image: Image.Image) -> bytes:
    # Scanners' noise holds no strings that occur again: looking for runs alone is twice as fast, and no larger.
    out = BytesIO()
    image.save(out, "PNG", compress_level=1, compress_type=Z_RLE)
    return out.getvalue()

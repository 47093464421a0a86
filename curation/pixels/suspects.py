"""Where in a measured picture writing may stand, found without models: these look there, and now and then everywhere.

The models cost a hundred times what drawing a slice does, and a series has hundreds of slices.
"""

from collections.abc import Sequence

import numpy as np

from curation.deid.pictures.plan import Region
from curation.pixels.encode import JPEG_2000
from curation.pixels.frames import Picture
from curation.pixels.layout import GRAY
from curation.pixels.sharp import sharp_fields
from curation.pixels.strokes import Strokes, even_strokes

#: Of more bits a value is a measurement; of these it may be a shade that a device drew.
MOST_SHOWN_BITS = 8
#: One frame in so many, by its own digest, is searched everywhere: a check of the test that needs no models.
SAMPLED = 64
#: Places are whole blocks of so many pixels, and go on for so many more each way: models need to see what is around.
BLOCK, MARGIN = 16, 2
#: Transfer syntaxes that may lose something (PS3.5 annex A.4): JPEG, JPEG-LS, JPEG 2000 and HTJ2K.
LOSSY = frozenset({*(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 81, 93, 203)), JPEG_2000})


def is_measured(picture: Picture) -> bool:
    """Whether its values are what a detector measured: grey, of more bits than a screen shows, never coded with loss.

    Lossy Image Compression (0028,2110) says of earlier codings that they lost something (PS3.3 section C.7.6.1.1.5).
    """
    layout = picture.layout
    if layout.photometric not in GRAY or layout.stored <= MOST_SHOWN_BITS:
        return False
    said = str(picture.header.get("LossyImageCompression") or "").strip()
    return picture.syntax not in LOSSY and said in ("", "00")


class Suspects:
    """The places of each frame of a measured picture in which writing may stand; each frame's once."""

    def __init__(self, picture: Picture) -> None:
        """Nothing is decoded before it is asked for."""
        self._picture = picture
        self._strokes: dict[str, Strokes] = {}
        self._places: dict[str, list[Region]] = {}

    def strokes(self, index: int) -> list[Region]:
        """Where strokes of one value surely stand; needs no detector. Raises CannotShow."""
        return self._strokes_of(index).sure

    def where(self, index: int) -> list[Region] | None:
        """What the models have to look at: places, none, or (None) all of the frame. Raises CannotShow."""
        digest = self._picture.digest(index)
        if int(digest[:8], 16) % SAMPLED == 0:
            return None
        if digest not in self._places:
            fields = [*self._strokes_of(index).perhaps, *sharp_fields(self._picture.stored(index))]
            self._places[digest] = places(fields, self._picture.rows, self._picture.columns)
        return self._places[digest]

    def _strokes_of(self, index: int) -> Strokes:
        digest = self._picture.digest(index)
        if digest not in self._strokes:
            self._strokes[digest] = even_strokes(self._picture.stored(index))
        return self._strokes[digest]


def places(fields: Sequence[Region], rows: int, columns: int) -> list[Region]:
    """Fields put together where they are close, in whole blocks with what is around them."""
    import cv2

    blocks = np.zeros((-(-rows // BLOCK), -(-columns // BLOCK)), np.uint8)
    for left, top, width, height in fields:
        down, across = (slice(max(0, at // BLOCK - MARGIN), (at + size - 1) // BLOCK + 1 + MARGIN)
                        for at, size in ((top, height), (left, width)))  # fmt: skip
        blocks[down, across] = 1
    found = cv2.connectedComponentsWithStats(blocks)[2][1:] * BLOCK
    return [Region(int(left), int(top), min(int(width), columns - int(left)), min(int(height), rows - int(top)))
            for left, top, width, height, _ in found]  # fmt: skip

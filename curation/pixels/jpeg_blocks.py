"""Blanks a JPEG frame by whole blocks of DCT coefficients; every other stays as it is, coefficient by coefficient.

What is made is read again and compared before it is used. Where colours are sampled more coarsely than brightness,
regions are widened to the units that hold whole blocks of both. A decoder that smooths between coarse samples of colour
may tint the pixels at the edge of what is black; no brightness of what stood there is left.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import jpeg_file
from curation.pixels.blank import clipped
from curation.pixels.codestreams import segments
from curation.pixels.colour import RGB, coded_as_ybr
from curation.pixels.decode import decoded
from curation.pixels.frames import Picture
from curation.pixels.jpeg_file import Coefficients
from curation.pixels.jpeg_frame import Grid, frame_header, grid_of
from curation.pixels.layout import GRAY
from curation.pixels.limits import CannotShow

#: 8 times how far black and white are from the middle of eight bits: what a block of one value has as its first
#: coefficient before it is quantised.
_BLACK, _WHITE = -1024, 1016
_SCAN, _COMMENT = 0xDA, 0xFE


def blanked(picture: Picture, index: int, regions: Sequence[Region]) -> bytes | None:
    """The frame with the blocks of its regions black; its own bytes where they were so.

    None where it cannot be done and proved: without jpeglib, or where the frame is of an unusual form.
    """
    frame = picture.coded(index)
    grid = grid_of(frame)
    wanted_form = picture.layout.samples == 3 or picture.layout.photometric in GRAY
    if grid is None or not wanted_form or not jpeg_file.can_write(len(frame)):
        return None
    try:
        before = jpeg_file.read(frame, grid)
        after = _with_black(
            before,
            grid,
            clipped(regions, picture.rows, picture.columns, grid.across, grid.down),
            _levels(picture, index),
        )
        if _same(before, after):
            return frame
        size = (picture.rows, picture.columns)
        made = _spliced(frame, jpeg_file.written(frame, after, size, coded_as_ybr(frame)))
        decoded(made, picture.syntax, picture.layout)
        return made if _same(jpeg_file.read(made, grid), after) and frame_header(made) == frame_header(frame) else None
    except (OSError, CannotShow):
        return None


def _levels(picture: Picture, index: int) -> list[int]:
    """What the first coefficient of a black block is for each component, before it is quantised."""
    if picture.layout.samples == 1:
        return [_WHITE if picture.layout.photometric == "MONOCHROME1" else _BLACK]
    return [_BLACK] * 3 if picture.colour(index) == RGB else [_BLACK, 0, 0]


def _with_black(before: Coefficients, grid: Grid, regions: Sequence[Region], levels: Sequence[int]) -> Coefficients:
    blocks: list[NDArray[np.int16]] = []
    for number, (component, old) in enumerate(zip(grid.components, before.blocks, strict=True)):
        step = int(before.tables[before.chosen[number], 0])
        first = -(-levels[number] // step) if levels[number] > 0 else levels[number] // step
        new = old.copy()
        for left, top, width, height in regions:
            rows = slice(top // component.down, -(-(top + height) // component.down))
            columns = slice(left // component.across, -(-(left + width) // component.across))
            new[rows, columns] = 0
            new[rows, columns, 0, 0] = first
        blocks.append(new)
    return before._replace(blocks=tuple(blocks))


def _same(one: Coefficients, other: Coefficients) -> bool:
    """Whether every coefficient, and the tables by which components are quantised, are the same."""
    alike = all(np.array_equal(a, b) for a, b in zip(one.blocks, other.blocks, strict=True))
    return alike and all(
        np.array_equal(one.tables[a], other.tables[b]) for a, b in zip(one.chosen, other.chosen, strict=True)
    )


def _spliced(frame: bytes, made: bytes) -> bytes:
    """What was made, with the application data and comments of the frame in place of libjpeg's own."""
    kept = [frame[start - 4 : end] for marker, start, end in segments(frame) if _is_free(marker)]
    found = segments(made)
    tables = [made[start - 4 : end] for marker, start, end in found if not _is_free(marker)]
    return b"".join([made[:2], *kept, *tables, made[found[-1][2] :]])


def _is_free(marker: int) -> bool:
    return 0xE0 <= marker <= 0xEF or marker == _COMMENT

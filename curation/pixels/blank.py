"""Fills regions of a frame with what is black to the one who looks, whatever the frame holds."""

from collections.abc import Sequence

import numpy as np

from curation.deid.pictures.plan import Region
from curation.pixels.bits import cells_of
from curation.pixels.colour import PARTIAL, RGB
from curation.pixels.frames import Picture
from curation.pixels.layout import HALVED, PALETTE
from curation.pixels.limits import careful
from curation.pixels.looks import Looks, edges, modality, palette_colours
from curation.pixels.native import Cells

_PARTIAL_BLACK = 16
#: Up to so many bits a value, black is the end of what can be stored; beyond, that end would spoil every display that
#: takes its window from the values.
_FEW_BITS = 8


def clipped(regions: Sequence[Region], rows: int, columns: int, across: int = 1, down: int = 1) -> list[Region]:
    """The parts of regions that lie in a frame, widened to blocks of `across` x `down` pixels; none that is empty."""
    found = []
    for left, top, width, height in regions:
        first, last = max(left, 0), min(left + width, columns)
        upper, lower = max(top, 0), min(top + height, rows)
        if first < last and upper < lower:
            first, upper = first // across * across, upper // down * down
            last, lower = min(-(-last // across) * across, columns), min(-(-lower // down) * down, rows)
            found.append(Region(first, upper, last - first, lower - upper))
    return found


def blanked(picture: Picture, index: int, regions: Sequence[Region]) -> Cells:
    """The cells of a frame with its regions black; the frame's own array where nothing changes. Raises CannotShow.

    Where two pixels share their colour, regions are widened to pairs.
    """
    cells = picture.cells(index)
    across = 2 if picture.layout.photometric in HALVED and not picture.compressed else 1
    wanted = clipped(regions, picture.rows, picture.columns, across)
    if not wanted:
        return cells
    with careful():
        black = _black(picture, index)
    changed = cells.copy()
    for left, top, width, height in wanted:
        changed[top : top + height, left : left + width] = black
    return cells if np.array_equal(changed, cells) else changed


def _black(picture: Picture, index: int) -> Cells:
    """The cell, or the three cells, of a black pixel."""
    layout = picture.layout
    if layout.samples == 3:
        value = _black_colour(picture.colour(index), layout.stored)
    elif layout.photometric == PALETTE:
        value = np.asarray(_darkest_index(picture, index))
    else:
        value = np.asarray(darkest(picture.stored(index), picture.looks(index), picture.layout.stored))
    return cells_of(value, layout)


def _black_colour(colour: str, bits: int) -> Cells:
    if colour == RGB:
        return np.asarray([0, 0, 0])
    middle = 1 << (bits - 1)
    return np.asarray([_PARTIAL_BLACK << (bits - 8) if colour == PARTIAL else 0, middle, middle])


def _darkest_index(picture: Picture, index: int) -> int:
    """The index of the darkest colour of the palette, the lowest of several."""
    descriptor = picture.header["RedPaletteColorLookupTableDescriptor"].value
    entries, first = int(descriptor[0]) or 1 << 16, int(descriptor[1])
    last = min(first + entries, 1 << picture.layout.stored)
    indices = np.arange(first, max(last, first + 1))
    if picture.layout.signed:
        indices = indices[indices < 1 << (picture.layout.stored - 1)]
    colours = palette_colours(indices[np.newaxis], picture.header)[0].astype(np.int64)
    return int(indices[np.argmin(colours.sum(axis=-1))])


def darkest(values: Cells, looks: Looks, bits: int) -> Cells:
    """The value that is black among these values of a grey frame, as a number of their kind.

    Nought where the values have no sign and low ones are dark, and the end of what can be stored where that is little.
    Else the darkest value of the frame, which is its padding where it has any, or the edge of the window where that
    lies farther out: a value at the far end of 16 bits would darken every other in a display that fits its window to
    what is there.
    """
    low_is_dark = _low_is_dark(looks)
    real = values.dtype.kind == "f"
    if looks.table is None and not real and (bits <= _FEW_BITS or (low_is_dark and values.dtype.kind == "u")):
        return np.asarray(_end(values, bits, low_is_dark), values.dtype)
    scaled = modality(values, looks)
    dark = int(scaled.argmax() if looks.inverted else scaled.argmin())
    found = np.nan_to_num(values.reshape(-1)[dark]) if real else values.reshape(-1)[dark]
    return np.asarray(_outward(float(found), scaled, looks, bits, values)).astype(values.dtype)


def _low_is_dark(looks: Looks) -> bool:
    return (looks.slope >= 0) != looks.inverted


def _end(values: Cells, bits: int, low: bool) -> int:
    """The lowest or the highest number of so many bits."""
    if values.dtype.kind == "u":
        return 0 if low else (1 << bits) - 1
    return -(1 << (bits - 1)) if low else (1 << (bits - 1)) - 1


def _outward(found: float, scaled: Cells, looks: Looks, bits: int, values: Cells) -> float:
    """The darkest value, or the edge of the window where that lies farther out and can be stored."""
    if looks.table is not None or looks.window is None or looks.slope == 0:
        return found
    low, high = edges(looks.window, float(scaled.min()), float(scaled.max()))
    edge = ((high if looks.inverted else low) - looks.intercept) / looks.slope
    if values.dtype.kind == "f":
        return min(found, edge) if _low_is_dark(looks) else max(found, edge)
    end = _end(values, bits, _low_is_dark(looks))
    if _low_is_dark(looks):
        return max(min(found, float(np.floor(edge))), end)
    return min(max(found, float(np.ceil(edge))), end)

"""Frames of pixel data that is not compressed: taken out, and put in again (PS3.5 section 8.1.1, annex A)."""

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from curation.pixels.layout import HALVED, Layout
from curation.pixels.limits import refuse_unless

Cells: TypeAlias = NDArray[Any]
#: The order of bytes in a number: the smaller one first, or the larger.
Order: TypeAlias = Literal["<", ">"]


def bits_of_frame(layout: Layout) -> int:
    """How many bits a frame takes; where two pixels share their colour each has two values."""
    samples = 2 if layout.photometric in HALVED else layout.samples
    return layout.rows * layout.columns * samples * layout.allocated


def check_length(layout: Layout, length: int, rest: memoryview) -> None:
    """Refuses pixel data that is too short, or that goes on behind its last frame; `rest` is what does.

    Raises CannotShow.
    """
    refuse_unless(8 * length >= bits_of_frame(layout) * layout.frames)
    refuse_unless(not bytes(rest).strip(b"\0"))


def end_of_frames(layout: Layout) -> int:
    """How many bytes all frames take."""
    return (bits_of_frame(layout) * layout.frames + 7) // 8


def frame_bytes(value: memoryview, layout: Layout, index: int) -> bytes:
    """The bytes in which frame `index` stands; of a picture of single bits they may hold some of its neighbours."""
    size = bits_of_frame(layout)
    return bytes(value[index * size // 8 : ((index + 1) * size + 7) // 8])


def cells_at(value: memoryview, layout: Layout, index: int, order: Order) -> Cells:
    """The cells of frame `index`, rows x columns (x samples), colours beside each other; `order`: '<' or '>'."""
    return frame_cells(frame_bytes(value, layout, index), layout, index * bits_of_frame(layout) % 8, order)


def frame_cells(data: bytes, layout: Layout, first: int, order: Order) -> Cells:
    """The cells of a frame from its bytes; `first`: the bit at which it begins."""
    if layout.allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[first : first + bits_of_frame(layout)].reshape(layout.shape)
    flat = np.frombuffer(data, layout.dtype.newbyteorder(order)).astype(layout.dtype)
    return arranged(flat, layout)


def arranged(flat: Cells, layout: Layout) -> Cells:
    """Values in the order in which they are stored as rows x columns (x samples)."""
    if layout.photometric in HALVED:
        return _doubled(flat, layout)
    if layout.planar and layout.samples > 1:
        return np.moveaxis(flat.reshape(layout.samples, layout.rows, layout.columns), 0, -1)
    return flat.reshape(layout.shape)


def _doubled(flat: Cells, layout: Layout) -> Cells:
    """Of Y, Y, Cb, Cr for two pixels three values for each; both share their colour."""
    refuse_unless(layout.columns % 2 == 0 and not layout.planar)
    pairs = flat.reshape(layout.rows, layout.columns // 2, 4)
    cells = np.empty(layout.shape, flat.dtype)
    cells[:, 0::2, 0], cells[:, 1::2, 0] = pairs[..., 0], pairs[..., 1]
    cells[:, 0::2, 1:] = cells[:, 1::2, 1:] = pairs[..., 2:]
    return cells


def stored_order(cells: Cells, layout: Layout) -> Cells:
    """The values of a frame in the order in which they are stored; where two pixels share it, the left one's colour."""
    if layout.photometric in HALVED:
        pairs = np.empty((layout.rows, layout.columns // 2, 4), cells.dtype)
        pairs[..., 0], pairs[..., 1], pairs[..., 2:] = cells[:, 0::2, 0], cells[:, 1::2, 0], cells[:, 0::2, 1:]
        return pairs.reshape(-1)
    if layout.planar and layout.samples > 1:
        return np.moveaxis(cells, -1, 0).reshape(-1)
    return cells.reshape(-1)


def put(value: bytearray, cells: Cells, layout: Layout, index: int, order: Order) -> None:
    """Writes a frame's cells back into pixel data of the same layout."""
    size = bits_of_frame(layout)
    flat = stored_order(cells, layout)
    first, last = index * size // 8, ((index + 1) * size + 7) // 8
    if layout.allocated == 1:
        bits = np.unpackbits(np.frombuffer(bytes(value[first:last]), np.uint8), bitorder="little")
        bits[index * size % 8 : index * size % 8 + size] = flat
        value[first:last] = np.packbits(bits, bitorder="little").tobytes()
    else:
        value[first:last] = flat.astype(layout.dtype.newbyteorder(order)).tobytes()


def swapped(value: memoryview) -> bytes:
    """Bytes exchanged in pairs: single bytes in words of 16 bits, written with the larger byte first."""
    even = bytes(value) + bytes(len(value) % 2)
    return np.frombuffer(even, np.uint16).byteswap().tobytes()

"""What a picture's bytes hold that nobody would see: bytes after the last pixel, overlays in unused bits."""

from ..files.syntax import UNCOMPRESSED
from ..files.tree import Dataset, find, number_in, number_of
from ..reasons import Refused
from .encapsulation import refuse_misfit
from .header import BITS_ALLOCATED, COLUMNS, FRAMES, PIXEL_DATA, ROWS, SAMPLES

# What a picture's size hangs on, with what holds where it is not said.
_SIZES = {BITS_ALLOCATED: 0, ROWS: 0, COLUMNS: 0, SAMPLES: 1, FRAMES: 1}


def refuse_hidden(dataset: Dataset, transfer_syntax: str, expected: int) -> None:
    """Raises Refused for bytes after the last pixel, and for a picture that no reader of its syntax shows whole.

    `expected`: how many bytes an uncompressed picture of its size has, as `expected_bytes` says.
    """
    refuse_misfit(dataset, transfer_syntax)
    pixels = find(dataset, PIXEL_DATA)
    if not expected or pixels is None or pixels.fragments or transfer_syntax not in UNCOMPRESSED:
        return
    if bytes(pixels.value[expected + expected % 2 :]).strip(b"\0"):
        raise Refused("pixel_data_length")


def overlay_in_pixels(dataset: Dataset, little: bool) -> bool:
    """Whether a group 60xx says that its overlay stands in bits of the pixels that the picture does not use.

    That is so where an overlay has more than one bit allocated and no data of its own (PS3.3-2004 section C.9.2).
    """
    for element in dataset:
        if element.tag >> 24 == 0x60 and element.tag & 0xFFFF == 0x0100:
            group = element.tag & 0xFFFF0000
            if number_of(dataset, element.tag, little, 1) != 1 and find(dataset, group | 0x3000) is None:
                return True
    return False


def expected_bytes(dataset: Dataset, little: bool) -> int:
    """How many bytes an uncompressed picture of this size has; 0 where the size is not given."""
    sizes = _SIZES | {e.tag: number_in(e, little, _SIZES[e.tag]) for e in reversed(dataset) if e.tag in _SIZES}
    bits = sizes[BITS_ALLOCATED] * sizes[ROWS] * sizes[COLUMNS] * sizes[SAMPLES] * max(1, sizes[FRAMES])
    return (bits + 7) // 8

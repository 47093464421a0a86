"""Whether pixel data is held the way its transfer syntax says (PS3.5 section A.4), so that a reader sees all of it."""

from ..files.syntax import UNCOMPRESSED
from ..files.tree import Dataset, find
from ..reading.parse import PIXEL_DATA
from ..reasons import Refused
from .codestreams import extended_offsets_fit

EXTENDED_OFFSETS, EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002


def refuse_misfit(dataset: Dataset, transfer_syntax: str) -> None:
    """Raises Refused for a picture in a form that no reader of its transfer syntax shows, or for offsets that are none.

    `dataset`: root elements, the picture and its Extended Offset Table among them where there are any.
    """
    pixels = find(dataset, PIXEL_DATA)
    tables = [element for element in dataset if element.tag in (EXTENDED_OFFSETS, EXTENDED_LENGTHS)]
    fragments = pixels is not None and pixels.fragments
    if pixels is not None and len(pixels.value) and fragments == (transfer_syntax in UNCOMPRESSED):
        raise Refused("malformed")
    if tables and not (pixels is not None and fragments and len(tables) == 2):
        raise Refused("malformed")
    if tables and pixels is not None:
        offsets, lengths = sorted(tables, key=lambda element: element.tag)
        if not extended_offsets_fit(offsets.value, lengths.value, memoryview(pixels.value)):
            raise Refused("malformed")

"""Pixel data that is held in another way than its transfer syntax says could hide writing, and is refused."""

import struct

import pytest

from curation.deid.files.container import read_container
from curation.deid.files.syntax import UNCOMPRESSED
from curation.deid.files.tree import Dataset, Element
from curation.deid.pictures.encapsulation import refuse_misfit
from curation.deid.reading.parse import Parser
from curation.deid.reasons import Refused

from . import corpus
from .test_codestreams import JPEG, JPEG_2000, NAME, PICTURE, encapsulated

PLAIN = "1.2.840.10008.1.2.1"
OFFSETS, LENGTHS = struct.pack("<QQ", 0, 8 + len(PICTURE)), struct.pack("<QQ", len(PICTURE), len(PICTURE))


def pixels(value: bytes | memoryview, fragments: bool) -> Element:
    """The picture of a file."""
    return Element(0x7FE00010, "OB", value, fragments=fragments)


def tables(offsets: bytes = OFFSETS, lengths: bytes = LENGTHS) -> Dataset:
    """An Extended Offset Table and its lengths."""
    return [Element(0x7FE00001, "OV", offsets), Element(0x7FE00002, "OV", lengths)]


FRAMES = encapsulated(PICTURE, PICTURE)


@pytest.mark.parametrize(
    ("dataset", "syntax"),
    [
        ([pixels(NAME, False)], JPEG),
        ([pixels(NAME, False)], JPEG_2000),
        ([pixels(FRAMES, True)], PLAIN),
        ([*tables()], JPEG),
        ([*tables()[:1], pixels(FRAMES, True)], JPEG),
        ([*tables()[1:], pixels(FRAMES, True)], JPEG),
        ([*tables(), *tables(), pixels(FRAMES, True)], JPEG),
        ([*tables(), pixels(NAME, False)], PLAIN),
        ([*tables(NAME[:16]), pixels(FRAMES, True)], JPEG),
        ([*tables(lengths=NAME[:16]), pixels(FRAMES, True)], JPEG),
    ],
)
def test_what_does_not_fit_is_refused(dataset: Dataset, syntax: str) -> None:
    with pytest.raises(Refused):
        refuse_misfit(dataset, syntax)


@pytest.mark.parametrize(
    ("dataset", "syntax"),
    [
        ([], JPEG),
        ([pixels(NAME, False)], PLAIN),
        ([pixels(b"", False)], JPEG),
        ([pixels(FRAMES, True)], JPEG),
        ([*tables(), pixels(FRAMES, True)], JPEG),
    ],
)
def test_what_fits_passes(dataset: Dataset, syntax: str) -> None:
    refuse_misfit(dataset, syntax)


def test_every_real_picture_fits() -> None:
    seen = 0
    for path in corpus.files():
        try:
            opened = read_container(path.read_bytes())
            dataset = Parser(opened.data).root(opened.start, opened.encoding)
        except Refused:
            continue
        refuse_misfit(dataset, opened.transfer_syntax)
        seen += opened.transfer_syntax not in UNCOMPRESSED
    assert seen > 50

"""What files say of their subject is read from their headers, from as few of their bytes as hold them."""

from dataclasses import replace
from functools import reduce
from io import BytesIO
from operator import or_
from pathlib import Path

import pydicom.data
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import DeflatedExplicitVRLittleEndian

from curation.deid.engine import Deidentifier
from curation.deid.files.charsets import DEFAULT, encodings_of
from curation.deid.headers import Headers
from curation.deid.reasons import Refused
from curation.deid.texts.facts import NOTHING, Facts, facts_of
from curation.deid.values.keys import SubjectKey

REAL = sorted((Path(str(pydicom.data.__file__)).parent / "test_files").glob("*.dcm"))


def sample(**values: object) -> bytes:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return written(dataset)


def written(dataset: Dataset) -> bytes:
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def said(*files: bytes, first: int = 1 << 30) -> Facts:
    """What the files say, each read from its first bytes if these are enough."""
    headers = Headers()
    for data in files:
        if not headers.add(data[:first], whole=len(data) <= first):
            assert headers.add(data, whole=True)
    return headers.facts


def as_the_engine_reads(data: bytes) -> Facts:
    try:
        source = Deidentifier(SubjectKey(bytes(32))).read(data)
    except Refused:
        return NOTHING
    elements = [element for unit in source.units for element in unit.elements]
    return replace(facts_of(elements, encodings_of(source.judged, DEFAULT)), words=frozenset(), kept=frozenset())


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_header_says_what_the_file_says(path: Path) -> None:
    data = path.read_bytes()
    assert said(data) == as_the_engine_reads(data) or as_the_engine_reads(data) == NOTHING
    for first in (200, 1_000, 4_096):
        assert said(data, first=first) == said(data)


def test_many_files_say_what_each_says_in_any_order() -> None:
    files = [path.read_bytes() for path in REAL[:30]]
    together = reduce(or_, (said(data) for data in files))
    assert said(*files) == said(*reversed(files)) == said(*files, *files, first=2_000) == together


def test_bytes_that_look_like_pixels_end_no_header() -> None:
    for pixels in (b"\xe0\x7f\x10\0OW\0\0", b"\xe0\x7f\x10\0"):
        data = sample(AccessionNumber=pixels.decode("latin-1"), OperatorsName="Nobody^Here")
        assert "Nobody^Here" in said(sample(), data, first=20_000).names


def test_a_small_picture_within_the_header_ends_no_header() -> None:
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.PixelData = bytes(4)
    icon["PixelData"].VR = "OB"
    data = sample(IconImageSequence=[icon], PerformedStationName="NOWHERE1")
    assert "NOWHERE1" in said(data, first=len(data) - 100).places


def test_a_header_that_is_cut_off_says_nothing_until_there_is_more() -> None:
    data = sample(OperatorsName="Nobody^Here")
    start = data.index(b"\xe0\x7f\x10\0")
    headers = Headers()
    assert not any(headers.add(data[:size], whole=False) for size in range(150, start - 8, 97))
    assert headers.facts == NOTHING
    assert headers.add(data[: start + 8], whole=False)
    assert "Nobody^Here" in headers.facts.names


def test_a_file_without_pixels_is_read_to_its_end() -> None:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    del dataset.PixelData, dataset.DataSetTrailingPadding
    data = written(dataset)
    assert not Headers().add(data[:-2], whole=False)
    assert not Headers().add(data, whole=False)
    assert said(data) == said(sample())


def test_a_deflated_file_is_read_whole() -> None:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data = written(dataset)
    assert not Headers().add(data[:2_000], whole=False)
    assert said(data, first=2_000) == said(sample())


@pytest.mark.parametrize("data", [b"", b"no DICOM", b"\0" * 128 + b"DICM", sample()[:401]])
def test_what_cannot_be_read_says_nothing(data: bytes) -> None:
    headers = Headers()
    assert headers.add(data, whole=True)
    assert headers.facts == NOTHING

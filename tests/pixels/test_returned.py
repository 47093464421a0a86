"""Of what a child sends back only pixels and what follows from them are taken: a lying one gets nothing through."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import UID

from curation.deid.pictures.plan import PixelPlan, Region
from curation.pixels.child import wire
from curation.pixels.limits import CannotShow
from curation.pixels.returned import check
from curation.pixels.rewrite import rewritten
from curation.pixels.task import Examined, Sheet, Task
from curation.work.child import Child
from tests.pixels.sources import EXPLICIT, J2K_LOSSY, NEW_UID, RLE, compressed, header, native

NAME = "DOE^JANE"


def source(syntax: str = EXPLICIT) -> bytes:
    cells = np.arange(2 * 40 * 40, dtype=np.uint8).reshape(2, 40, 40)
    ds = header(40, 40, frames=2)
    made = native(ds, cells, syntax) if syntax == EXPLICIT else compressed(ds, cells, syntax, table=True)
    assert made is not None
    return made


def honest(data: bytes) -> bytes:
    regions = {0: [Region(0, 0, 16, 16)], 1: [Region(8, 8, 16, 16)]}
    return rewritten(data, regions, hidden_bits=False, new_uid=NEW_UID, checked=True).data


def changed(data: bytes, change: Callable[[Dataset], None]) -> bytes:
    dataset = dcmread(BytesIO(data))
    change(dataset)
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def puts(name: str, value: object) -> Callable[[Dataset], None]:
    return lambda dataset: setattr(dataset, name, value)


def private(dataset: Dataset) -> None:
    dataset.private_block(0x0011, NAME, create=True).add_new(1, "LO", NAME)


def in_a_code(dataset: Dataset) -> None:
    dataset.DeidentificationMethodCodeSequence[-1].CodeMeaning = NAME


def in_the_meta_information(dataset: Dataset) -> None:
    dataset.file_meta.ImplementationVersionName = NAME


def in_the_source_title(dataset: Dataset) -> None:
    dataset.file_meta.SourceApplicationEntityTitle = NAME


def longer(dataset: Dataset) -> None:
    dataset.PixelData += NAME.encode()


def other_object(dataset: Dataset) -> None:
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID("2.25.68797469788465787469")


LIES = [
    puts("PatientName", NAME),
    puts("PatientComments", NAME),
    puts("BurnedInAnnotation", "DOE"),
    puts("BurnedInAnnotation", "YES"),
    puts("PhotometricInterpretation", "DOE"),
    puts("LossyImageCompression", "DOE"),
    puts("LossyImageCompressionMethod", "DOE"),
    puts("LossyImageCompressionRatio", "19710203"),
    lambda dataset: dataset.add_new(0x00280107, "US", 1971),
    puts("InstanceNumber", 1971),
    puts("Rows", 39),
    puts("ExtendedOffsetTable", b"DOE^JANE"),
    puts("IconImageSequence", [Dataset()]),
    puts("preamble", NAME.encode() * 16),
    private,
    in_a_code,
    in_the_meta_information,
    in_the_source_title,
    other_object,
]


@pytest.mark.parametrize("syntax", [EXPLICIT, RLE, J2K_LOSSY])
def test_what_an_honest_child_makes_is_taken(syntax: str) -> None:
    data = source(syntax)
    check(data, honest(data), NEW_UID)
    claimed = rewritten(data, {}, hidden_bits=False, new_uid="", checked=True).data
    assert claimed != data
    check(data, claimed, "")


@pytest.mark.parametrize("syntax", [EXPLICIT, RLE, J2K_LOSSY])
@pytest.mark.parametrize("lie", LIES)
def test_nothing_can_be_written_beside_the_pixels(syntax: str, lie: Callable[[Dataset], None]) -> None:
    data = source(syntax)
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, changed(honest(data), lie), NEW_UID)


@pytest.mark.parametrize("syntax", [EXPLICIT, RLE])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made + b"\0\0\0\0",
        lambda made: made + NAME.encode(),
        lambda made: made[:-2],
        lambda made: NAME.encode() + made[8:],
        lambda made: b"",
        lambda made: b"\xff" * 999,
    ],
)
def test_nothing_can_stand_before_or_behind(syntax: str, spoil: Callable[[bytes], bytes]) -> None:
    data = source(syntax)
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, spoil(honest(data)), NEW_UID)


def test_pixels_are_as_long_as_they_were() -> None:
    data = source()
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, changed(honest(data), longer), NEW_UID)


@pytest.mark.parametrize("extra", [b"\xfe\xff\x00\xe0\x08\0\0\0DOE^JANE", b"\xfe\xff\x00\xe0\0\0\0\0"])
def test_no_fragment_belongs_to_no_frame(extra: bytes) -> None:
    data = source(RLE)
    made = honest(data)
    end = b"\xfe\xff\xdd\xe0\0\0\0\0"
    assert made.endswith(end)
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, made[: -len(end)] + extra + end, NEW_UID)


def test_an_offset_table_says_where_frames_are_and_no_more() -> None:
    data = source(RLE)
    made = bytearray(honest(data))
    at = made.index(b"\xfe\xff\x00\xe0\x08\0\0\0") + 8
    made[at : at + 8] = NAME.encode()
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, bytes(made), NEW_UID)


def test_where_no_pixel_changed_none_may() -> None:
    data = source()
    made = bytearray(rewritten(data, {}, hidden_bits=False, new_uid="", checked=True).data)
    made[-1] ^= 1
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, bytes(made), "")
    with pytest.raises(CannotShow, match="picture_altered"):
        check(data, honest(data), "")


@pytest.mark.parametrize("is_new", [False, True])
def test_what_a_child_that_was_taken_over_sends_costs_the_file(monkeypatch: pytest.MonkeyPatch, is_new: bool) -> None:
    data, task = source(), Task(PixelPlan("look"), (NAME,), NEW_UID)
    told = Examined("look", Sheet(wire.PNG), data=honest(data), is_new=True)
    said = [told]

    def answers(*_: object) -> bytes:
        answer = wire.answer_of(said[0])
        return wire.HEAD.pack(b"P", len(answer)) + answer

    monkeypatch.setattr(Child, "_ask", answers)
    assert Child().examine(data, task) == told
    said[0] = replace(told, data=changed(honest(data), puts("PatientComments", NAME)), is_new=is_new)
    with pytest.raises(CannotShow, match="picture_altered"):
        Child().examine(data, task)

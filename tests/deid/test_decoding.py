"""Elements are read by what they mean, private ones by their creator, from any kind of buffer, and never copied."""

import mmap
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import DeflatedExplicitVRLittleEndian

from curation.deid.files import spool
from curation.deid.files.container import read_container
from curation.deid.files.syntax import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, Encoding
from curation.deid.files.tree import Dataset, Element, find
from curation.deid.private import safe as private
from curation.deid.reading.parse import Parser
from curation.deid.reasons import Refused

from . import corpus
from .test_hostile import CT, GOOD, file_of

OPEN = 0xFFFFFFFF
END = b"\xfe\xff\xdd\xe0\0\0\0\0"
UID = b"1.2.840.10008.5.1.4.1.1.4\0"


def implicit(tag: int, value: bytes, length: int | None = None) -> bytes:
    """One element without a VR."""
    return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value) if length is None else length) + value


def explicit(tag: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """One element with its VR; the value made even."""
    value += b"\0" * (len(value) % 2)
    size = len(value) if length is None else length
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT")
    return head + (struct.pack("<HL", 0, size) if long else struct.pack("<H", size)) + value


def item(content: bytes) -> bytes:
    """One item of a sequence."""
    return b"\xfe\xff\0\xe0" + struct.pack("<L", len(content)) + content


def read(data: bytes, encoding: Encoding = EXPLICIT_LITTLE) -> Dataset:
    """The tree of a bare data set."""
    return Parser(data).root(0, encoding)


def get(dataset: Dataset, tag: int) -> Element:
    """The element that must be there."""
    element = find(dataset, tag)
    assert element is not None
    return element


def shape(dataset: Dataset) -> list[object]:
    """A tree as plain values."""
    return [
        (e.tag, e.vr, bytes(e.value), e.fragments, None if e.items is None else [shape(i) for i in e.items])
        for e in dataset
    ]


ROWS = sorted((creator, tag, row.vr) for (creator, tag), row in private.SAFE_PRIVATE.items() if len(row.vr) == 2)


@given(st.sampled_from(ROWS), st.integers(0x10, 0xFF), st.sampled_from([EXPLICIT_LITTLE, IMPLICIT_LITTLE]))
def test_a_private_element_without_vr_is_read_by_its_creator(
    row: tuple[str, int, str], block: int, encoding: Encoding
) -> None:
    creator, tag, vr = row
    tag |= block << 8
    name = creator.encode() + b" " * (len(creator) % 2)
    holder, value = tag & 0xFFFF0000 | block, item(implicit(0x00100010, b"A^B ")) if vr == "SQ" else b"\0\0\0\0"
    if encoding.explicit:
        data = explicit(holder, b"UN", name) + explicit(tag, b"UN", value)
    else:
        data = implicit(holder, name) + implicit(tag, value)
    found = read(data, encoding)
    assert [(e.tag, e.vr) for e in found] == [(holder, "LO"), (tag, vr)]
    assert (found[1].items is not None) == (vr == "SQ")
    assert read(data.replace(name, b"x" * len(name)), encoding)[1].vr == "UN"


def test_creators_hold_in_their_own_item_only() -> None:
    inner = implicit(0x00431039, b"1000")
    data = implicit(0x00430010, b"GEMS_PARM_01") + implicit(0x00081140, item(inner)) + implicit(0x00431039, b"1000")
    found = read(data, IMPLICIT_LITTLE)
    items = get(found, 0x00081140).items
    assert items is not None
    assert items[0][0].vr == "UN"
    assert get(found, 0x00431039).vr == "IS"


def test_an_element_before_its_creator_is_not_read_by_it() -> None:
    found = read(implicit(0x00431039, b"1000") + implicit(0x00430010, b"GEMS_PARM_01"), IMPLICIT_LITTLE)
    assert found[0].vr == "UN"
    assert private.creators(found) == {}


def test_an_unknown_private_element_of_undefined_length_is_a_sequence() -> None:
    content = item(implicit(0x00100010, b"Zwetschgenbaum"))
    for data, encoding in (
        (implicit(0x00091001, content + END, OPEN), IMPLICIT_LITTLE),
        (explicit(0x00091001, b"UN", content + END, OPEN), EXPLICIT_LITTLE),
    ):
        items = read(data, encoding)[0].items
        assert items is not None
        assert (items[0][0].vr, bytes(items[0][0].value)) == ("PN", b"Zwetschgenbaum")


def test_what_a_dictionary_calls_a_sequence_and_is_none_stays_unknown() -> None:
    creator = implicit(0x00290010, b"SIEMENS MEDCOM HEADER ")
    parser = Parser(creator + implicit(0x00291040, b"Kunigunde!"))
    assert [e.vr for e in parser.root(0, IMPLICIT_LITTLE)] == ["LO", "UN"]
    assert parser.warnings == 1


def test_a_sequence_that_cannot_be_read_spoils_nothing_behind_it() -> None:
    broken = item(implicit(0x00100010, b"Kunigunde!", 99))
    for data, encoding in (
        (implicit(0x00081140, broken) + implicit(0x00100020, b"1 "), IMPLICIT_LITTLE),
        (explicit(0x00081140, b"SQ", broken) + explicit(0x00100020, b"LO", b"1 "), EXPLICIT_LITTLE),
    ):
        parser = Parser(data)
        assert [(e.tag, e.vr) for e in parser.root(0, encoding)] == [(0x00081140, "UN"), (0x00100020, "LO")]
        assert parser.warnings == 1
    with pytest.raises(Refused):
        read(explicit(0x00081140, b"SQ", broken, OPEN))


@pytest.mark.parametrize(
    ("tag", "value", "encoding", "vr"),
    [
        (0x00100010, b"A^B ", EXPLICIT_LITTLE, "PN"),
        (0x00280010, b"\1\0", EXPLICIT_LITTLE, "US"),
        (0x00081140, item(implicit(0x00081150, UID)), EXPLICIT_LITTLE, "SQ"),
        (0x00081140, b"not an item", EXPLICIT_LITTLE, "UN"),
        (0x00091001, b"?", EXPLICIT_LITTLE, "UN"),
        (0x0008FFFF, b"??", EXPLICIT_LITTLE, "UN"),
    ],
)
def test_un_is_read_by_the_public_dictionary(tag: int, value: bytes, encoding: Encoding, vr: str) -> None:
    assert read(explicit(tag, b"UN", value), encoding)[0].vr == vr


def test_numbers_in_un_are_not_guessed_where_bytes_are_in_the_other_order() -> None:
    name = struct.pack(">HH2sHL", 0x10, 0x10, b"UN", 0, 4) + b"A^B "
    number = struct.pack(">HH2sHL", 0x28, 0x10, b"UN", 0, 2) + b"\0\1"
    assert [e.vr for e in read(name + number, EXPLICIT_BIG)] == ["PN", "UN"]


@pytest.mark.parametrize("path", [p for p in corpus.files() if p.stat().st_size < 400_000][::4], ids=corpus.short_name)
def test_any_kind_of_buffer_gives_the_same_tree(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    copy = tmp_path / "file"
    copy.write_bytes(data)
    with copy.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if data else data
    assert _outcome(data) == _outcome(mapped) == _outcome(data, viewed=True)


def _outcome(data: bytes | mmap.mmap, viewed: bool = False) -> object:
    try:
        opened = read_container(data)
        return opened[1:], shape(
            Parser(memoryview(opened.data) if viewed else opened.data).root(opened.start, opened.encoding)
        )
    except Refused as refused:
        return refused.reason


def test_values_are_views_of_the_mapped_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CT)
    with (tmp_path / "file").open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    opened = read_container(mapped)
    pixels = get(Parser(opened.data).root(opened.start, opened.encoding), 0x7FE00010)
    assert isinstance(pixels.value, memoryview)
    assert pixels.value.obj is mapped


def test_a_big_deflated_data_set_is_mapped_and_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = read_container(GOOD)
    body = bytes(opened.data[opened.start :])
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = file_of(engine.compress(body) + engine.flush() + b"Kunigunde", DeflatedExplicitVRLittleEndian.encode())
    small = read_container(packed)
    assert small.data == body
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    big = read_container(packed)
    assert isinstance(big.data, mmap.mmap)
    assert bytes(big.data) == body
    assert shape(Parser(big.data).root(0, big.encoding)) == shape(Parser(body).root(0, small.encoding))


@pytest.mark.parametrize("size", [1000, 3_000_000])
def test_bytes_behind_a_deflate_stream_are_left_out(size: int) -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(OBJECT + bytes(size)) + engine.flush()
    for behind in (b"K", b"Kunigunde" * 10_000):
        opened = read_container(file_of(packed + behind, DeflatedExplicitVRLittleEndian.encode()))
        assert opened.data == OBJECT + bytes(size)


def test_every_cut_of_a_deflated_data_set_is_refused() -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(GOOD) + engine.flush()
    for length in range(0, len(packed), 97):
        with pytest.raises(Refused):
            read_container(file_of(packed[:length], DeflatedExplicitVRLittleEndian.encode()))


OBJECT = explicit(0x00080016, b"UI", UID) + explicit(0x00080018, b"UI", b"1.2.3")
PIXELS = explicit(0x7FE00010, b"OW", b"\1\2\3\4")


@pytest.mark.parametrize(
    "data",
    [
        OBJECT + explicit(0x00100010, b"PN", b"A") + OBJECT,
        OBJECT + PIXELS + explicit(0x00100010, b"PN", b"Kunigunde"),
        OBJECT + PIXELS + PIXELS,
        OBJECT + PIXELS + explicit(0x7FE11010, b"LO", b"x") + explicit(0x00100020, b"LO", b"4711"),
        OBJECT + explicit(0x00020010, b"UI", b"1.2"),
        OBJECT + PIXELS + bytes(128) + b"DICM" + OBJECT,
        OBJECT + PIXELS + b"Kunigunde Zwetschgenbaum",
        OBJECT + PIXELS + b"Kuni",
        OBJECT + PIXELS + bytes(64) + b"Kunigunde",
        OBJECT + PIXELS + bytes(3_000_000) + b"K" + bytes(3_000_000),
    ],
)
def test_whatever_comes_behind_a_data_set_refuses_the_file(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data)


@pytest.mark.parametrize("zeros", [2, 7, 8, 64, 5_000_000])
def test_zeros_behind_a_data_set_are_skipped_and_counted(zeros: int) -> None:
    parser = Parser(OBJECT + PIXELS + bytes(zeros))
    assert len(parser.root(0, EXPLICIT_LITTLE)) == 3
    assert parser.warnings == 1


def test_a_delimiter_too_many_is_taken_at_the_very_end_alone() -> None:
    parser = Parser(OBJECT + PIXELS + END)
    assert len(parser.root(0, EXPLICIT_LITTLE)) == 3
    assert parser.warnings == 1
    for data in (
        OBJECT + END + PIXELS,
        OBJECT + PIXELS + END + END,
        OBJECT + PIXELS + END + b"\0\0",
        OBJECT + item(b""),
    ):
        with pytest.raises(Refused):
            read(data)


def test_disorder_that_is_no_second_data_set_is_read_and_counted() -> None:
    parser = Parser(explicit(0x00100020, b"LO", b"1") + OBJECT + explicit(0x00080018, b"UI", b"1.2.3") + PIXELS)
    assert len(parser.root(0, EXPLICIT_LITTLE)) == 5
    assert parser.warnings == 2

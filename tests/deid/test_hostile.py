"""Broken and hostile bytes: each comes back as a refusal with a reason, never as an exception, never without bound."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import DeflatedExplicitVRLittleEndian

from curation.deid import Cleaned, Quarantined, Unreadable, deidentify, derive_subject_key, limits, read_identity
from curation.deid.reasons import SENTENCES

from . import checker, corpus, planted

KEY = derive_subject_key(b"k" * 32, "donor")
GOOD = planted.as_file(planted.dataset())
CT = next(path for path in corpus.files() if path.name == "CT_small.dcm").read_bytes()


def reason(data: bytes) -> str:
    """The reason code of the refusal."""
    result = deidentify(data, key=KEY)
    assert isinstance(result, Quarantined), "it was taken"
    assert result.sentence == SENTENCES[result.reason]
    return result.reason


def element(tag: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """One element in Explicit VR Little Endian."""
    size = len(value) if length is None else length
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    if vr in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        return head + struct.pack("<HL", 0, size) + value
    return head + struct.pack("<H", size) + value


def file_of(body: bytes, syntax: bytes = b"1.2.840.10008.1.2.1\0") -> bytes:
    """A file around a data set's bytes."""
    meta = element(0x00020010, b"UI", syntax)
    return bytes(128) + b"DICM" + element(0x00020000, b"UL", struct.pack("<L", len(meta))) + meta + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"x", "not_dicom"),
        (b"%PDF-1.7\n" + b"x" * 500, "not_dicom"),
        (b"PK\3\4" + bytes(500), "not_dicom"),
        (bytes(128) + b"DICM", "truncated"),
        (GOOD[:-300], "truncated"),
        (GOOD[:200], "truncated"),
        (file_of(b"", b"1.2.3.4 "), "transfer_syntax_unknown"),
        (file_of(b"", b"1.2.840.10008.1.2.4.100 "), "transfer_syntax_unsupported"),
        (file_of(element(0x00080018, b"UI", b"1.2\0")), "missing_identifier"),
        (file_of(element(0x00080016, b"LO", b"", 0xFFF0)), "truncated"),
        (file_of(element(0x00081115, b"SQ", b"", 0xFFFFFFF0)), "truncated"),
        (file_of(element(0x00081115, b"SQ", b"", 0xFFFFFFFF)), "truncated"),
        (file_of(element(0x00080018, b"UI", b"1.2\0") + element(0x00100010, b"??", b"abcd")), "malformed"),
        (file_of(element(0x00080018, b"UI", b"1.2\0") + b"\xfe\xff\0\xe0\0\0\0\0"), "malformed"),
        (file_of(b"not deflated at all", b"1.2.840.10008.1.2.1.99\0\0"), "malformed"),
    ],
)
def test_each_kind_of_damage_has_its_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_a_deflate_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.deid.files.container.MAX_INFLATED_BYTES", 1_000_000)
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = engine.compress(bytes(50_000_000)) + engine.flush()
    assert len(bomb) < 100_000
    assert reason(file_of(bomb, DeflatedExplicitVRLittleEndian.encode())) == "too_large"


def test_nesting_without_end_is_refused() -> None:
    body = (element(0x00081115, b"SQ", b"", 0xFFFFFFFF) + b"\xfe\xff\0\xe0\xff\xff\xff\xff") * 50_000
    assert reason(file_of(body)) == "too_deep"
    private = (element(0x00091010, b"UN", b"", 0xFFFFFFFF) + b"\xfe\xff\0\xe0\xff\xff\xff\xff") * 2
    assert reason(file_of(private)) in ("truncated", "malformed")


def test_elements_without_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.deid.reading.parse.MAX_ELEMENTS", 1000)
    assert limits.MAX_ELEMENTS >= 600_000
    items = b"\xfe\xff\0\xe0\0\0\0\0" * 2000
    assert reason(file_of(element(0x00081115, b"SQ", items))) == "too_many_elements"
    fragments = b"\xfe\xff\0\xe0\0\0\0\0" * 2000 + b"\xfe\xff\xdd\xe0\0\0\0\0"
    assert reason(file_of(element(0x7FE00010, b"OB", fragments, 0xFFFFFFFF))) == "too_many_elements"


def test_a_required_value_that_cannot_be_read_refuses_the_file() -> None:
    ds = planted.dataset()
    del ds.Rows
    body = planted.as_file(ds)
    at = body.index(element(0x00280011, b"US", b"\x10\0"))
    assert reason(body[:at] + element(0x00280010, b"LO", b"Kunigunde ") + body[at:]) == "unreadable_element"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_raises_and_nothing_survives_in_what_is_still_taken(data: st.DataObject) -> None:
    source = bytearray(data.draw(st.sampled_from([GOOD, CT])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(128, min(len(source), 4000) - 1))
        source[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del source[data.draw(st.integers(132, len(source) - 1)) :]
    result = deidentify(bytes(source), key=KEY)
    assert isinstance(result, Cleaned) or result.reason != "engine_failed"
    if isinstance(result, Cleaned):
        assert [line for line in checker.survivors(GOOD, result.data) if "private" in line or "present" in line] == []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_behind_a_good_start_raise_nothing(tail: bytes) -> None:
    result = deidentify(file_of(tail), key=KEY)
    assert isinstance(result, Cleaned) or result.reason != "engine_failed"


@pytest.mark.parametrize("charset", [b"\0SO_IR 100", b"no such set\\\xff", b"\\\\\\", b"ISO 2022 IR 87"])
def test_a_broken_character_set_stops_nothing(charset: bytes) -> None:
    data = file_of(element(0x00080005, b"CS", charset) + element(0x00100010, b"PN", b"\x1b$B\xff\x1b^Kunigunde"))
    assert "Kunigunde" in read_identity(data).patient_name


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_reading_an_identity_raises_only_what_it_says(tail: bytes) -> None:
    try:
        read_identity(file_of(tail))
    except Unreadable as unreadable:
        sentence = unreadable.sentence
    else:
        sentence = SENTENCES["empty"]
    assert sentence in SENTENCES.values()

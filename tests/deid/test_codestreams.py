"""Compressed frames lose the text that they carry, and not one pixel."""

import contextlib
import mmap
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.files import spool
from curation.deid.files.container import read_container
from curation.deid.files.syntax import DEFLATED_FRAMES_UID, RLE_UID
from curation.deid.pictures.codestreams import (
    EMPTY_OFFSET_TABLE,
    extended_offsets_fit,
    fragments,
    spans_to_blank,
    text_spans,
    without_comments,
)
from curation.deid.reasons import Refused

from . import checker, corpus

KEY = derive_subject_key(b"k" * 32, "donor")
NAME = b"Kunigunde Zwetschgenbaum"
COMMENT = b"\xff\xfe" + struct.pack(">H", len(NAME) + 2) + NAME
EXIF = b"\xff\xe1" + struct.pack(">H", len(NAME) + 8) + b"Exif\0\0" + NAME
COMMENT_2000 = b"\xff\x64" + struct.pack(">H", len(NAME) + 4) + b"\0\1" + NAME
XML = struct.pack(">L", 8 + len(NAME)) + b"xml " + NAME
JPEG, JPEG_2000, JPEG_XL = (f"1.2.840.10008.1.2.4.{number}" for number in (50, 90, 110))
SCAN = b"\xff\xda\0\4\0\0" + b"\x12\xff\0\x34\xff\xd0\x56"
PICTURE = b"\xff\xd8" + SCAN + b"\xff\xd9"


def encapsulated(*parts: bytes, table: bytes = b"") -> memoryview:
    """Fragments behind an offset table, as an encapsulated value."""
    return memoryview(b"".join(b"\xfe\xff\0\xe0" + struct.pack("<L", len(part)) + part for part in (table, *parts)))


def box(kind: bytes, content: bytes = NAME, long: bool = False) -> bytes:
    """A box of a JPEG 2000 or JPEG XL file, also with its length in eight bytes."""
    if long:
        return struct.pack(">L4sQ", 1, kind, 16 + len(content)) + content
    return struct.pack(">L4s", 8 + len(content), kind) + content


def real(name: str) -> Path:
    """A real file by its name."""
    return next(path for path in corpus.files() if path.name == name)


def with_text(name: str) -> bytes:
    """A real file with text put into its first frame, where a camera or a converter would put it."""
    data = real(name).read_bytes()
    pixels = bytes(checker.read(data).PixelData)
    at = pixels.index(b"\xfe\xff\0\xe0", 4)
    length = int.from_bytes(pixels[at + 4 : at + 8], "little")
    frame = pixels[at + 8 : at + 8 + length]
    if frame.startswith(b"\xff\xd8"):
        frame = frame[:2] + COMMENT + EXIF + frame[2:]
    elif frame.startswith(b"\xff\x4f"):
        after_size = 4 + int.from_bytes(frame[4:6], "big")
        frame = frame[:after_size] + COMMENT_2000 + frame[after_size:]
    else:
        after_type = 12 + int.from_bytes(frame[12:16], "big")
        frame = frame[:after_type] + XML + frame[after_type:]
    frame += b"\0" * (len(frame) % 2)
    changed = pixels[: at + 4] + struct.pack("<L", len(frame)) + frame + pixels[at + 8 + length :]
    assert data.count(pixels) == 1
    return data.replace(pixels, changed)


@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb_jpeg_dcmtk.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
        "693_J2KR.dcm",
        "GDCMJ2K_TextGBR.dcm",
    ],
)
def test_text_in_a_frame_goes_and_every_pixel_stays(name: str) -> None:
    data = with_text(name)
    assert NAME in data
    result = deidentify(data, key=KEY)
    assert isinstance(result, Cleaned)
    assert b"Kunigunde" not in result.data
    before, after = checker.read(real(name).read_bytes()), checker.read(result.data)
    assert (before.pixel_array == after.pixel_array).all()


def test_text_between_scans_and_after_the_end_goes() -> None:
    scan = b"\xff\xda\0\4\0\0" + b"\x12\xff\0\x34\xff\xd0\x56"
    frame = b"\xff\xd8" + scan + COMMENT + scan + b"\xff\xd9" + NAME
    found = b"".join(frame[start:stop] for start, stop in text_spans(frame))
    assert found == NAME + NAME


def test_a_header_that_lies_about_its_length_is_refused() -> None:
    for frame in (b"\xff\xd8\xff\xfe\xff\xff" + NAME, b"\xff\xd8\xff\xfe\0\0" + NAME, b"\xff\xd8" + NAME):
        with pytest.raises(Refused):
            text_spans(frame)


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n", b""]))
def test_any_frame_is_blanked_in_place_or_refused(tail: bytes, start: bytes) -> None:
    frame = start + tail
    value = b"\xfe\xff\0\xe0\0\0\0\0\xfe\xff\0\xe0" + struct.pack("<L", len(frame)) + frame
    try:
        after = bytes(without_comments(memoryview(value)))
    except Refused as refused:
        after = value if refused.reason == "malformed" else b""
    assert len(after) == len(value)
    assert all(new in (old, 0) for new, old in zip(after, value, strict=True))


@pytest.mark.parametrize("at", range(2, len(EXIF) + 2, 3))
def test_text_goes_that_lies_over_two_fragments(at: int) -> None:
    frame, blank = (b"\xff\xd8" + segment + SCAN + b"\xff\xd9" for segment in (EXIF, EXIF[:4] + bytes(len(EXIF) - 4)))
    for table in (b"", struct.pack("<L", 0)):
        value = encapsulated(PICTURE, frame[:at], frame[at:], PICTURE, table=table)
        assert without_comments(value, JPEG) == encapsulated(PICTURE, blank[:at], blank[at:], PICTURE, table=table)


@pytest.mark.parametrize("name", ["SC_rgb_jpeg_dcmtk.dcm", "693_J2KR.dcm"])
@given(data=st.data())
def test_a_frame_may_be_cut_anywhere(name: str, data: st.DataObject) -> None:
    pixels = bytes(checker.read(with_text(name)).PixelData)
    start, stop = next(fragments(memoryview(pixels)))
    frame = pixels[start:stop]
    cuts = sorted(data.draw(st.sets(st.integers(8, min(len(frame) - 1, 400)), max_size=4)))
    parts = [frame[a:b] for a, b in zip([0, *cuts], [*cuts, len(frame)], strict=True)]
    value = without_comments(encapsulated(*parts), JPEG if "jpeg" in name else JPEG_2000)
    whole = b"".join(bytes(value[a:b]) for a, b in fragments(memoryview(value)))
    expected = bytearray(frame)
    for first, last in text_spans(frame):
        expected[first:last] = bytes(last - first)
    assert whole == bytes(expected)
    assert b"Kuni" not in whole


def test_fragments_behind_the_end_of_a_picture_are_text() -> None:
    after = bytes(without_comments(encapsulated(PICTURE, NAME, b"", PICTURE), JPEG))
    assert NAME not in after
    assert after.count(PICTURE) == 2


def test_a_big_value_is_cleaned_into_a_mapped_file(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = PICTURE[:2] + COMMENT + PICTURE[2:]
    value = encapsulated(*[frame] * 50, table=NAME)
    small = without_comments(value, JPEG)
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    big = without_comments(value, JPEG)
    assert isinstance(big, memoryview)
    assert isinstance(big.obj, mmap.mmap)
    assert big == small
    assert bytes(big).count(SCAN) == 50
    assert NAME not in bytes(big)


@pytest.mark.parametrize("marker", [0xE0, 0xE8, 0xEE, 0xEF, 0xF0, 0xFD, 0xFE])
@pytest.mark.parametrize("start", [b"", b"JFIF\0" + bytes(9), b"Adobe" + bytes(7), b"mrfx\1", b"SPIFF\0" + bytes(24)])
def test_what_follows_the_needed_part_of_a_segment_goes(marker: int, start: bytes) -> None:
    segment = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(start) + len(NAME)) + start + NAME
    frame = PICTURE[:2] + segment + PICTURE[2:]
    assert NAME[:4] not in bytes(without_comments(encapsulated(frame), JPEG))


def test_a_codestream_whose_last_tile_part_has_no_length_is_read_to_its_end() -> None:
    tile = b"\xff\x90\0\x0a\0\0" + bytes(4) + b"\0\1" + b"\xff\x93" + b"\x12\xff\x10"
    frame = b"\xff\x4f\xff\x51\0\4\0\0" + COMMENT_2000 + tile + b"\xff\xd9" + NAME
    assert b"".join(frame[a:b] for a, b in text_spans(frame, JPEG_2000)) == NAME + NAME


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(
    "kind", [b"xml ", b"uuid", b"Exif", b"jumb", b"brob", b"lbl ", b"free", b"jbrd", b"ABCD", b"ftyp"]
)
def test_boxes_that_no_decoder_needs_go(kind: bytes, long: bool) -> None:
    for signature, syntax in ((b"jP  ", JPEG_2000), (b"JXL ", JPEG_XL)):
        frame = box(signature, b"\r\n\x87\n") + box(kind, NAME, long) + box(b"jp2h", box(kind, NAME, long)) + b"abc"
        after = bytes(without_comments(encapsulated(frame), syntax))
        assert NAME[:4] not in after
        assert b"abc" not in after
        assert b"\r\n\x87\n" in after


def test_boxes_that_decoders_need_stay() -> None:
    frame = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ") + box(b"jxlc", b"\xff\x0a" + NAME)
    value = encapsulated(frame)
    assert without_comments(value, JPEG_XL) is value
    bare = encapsulated(b"\xff\x0a" + NAME)
    assert without_comments(bare, JPEG_XL) is bare


@pytest.mark.parametrize(
    "frame", [box(b"jP  ", b"\r\n\x87\n") + b"\0\0\0\7xml " + NAME, box(b"jP  ", b"\r\n\x87\n") + XML[:-1]]
)
def test_boxes_that_lie_about_their_length_are_refused(frame: bytes) -> None:
    with pytest.raises(Refused):
        text_spans(frame, JPEG_2000)


def test_boxes_within_boxes_without_end_are_refused() -> None:
    frame = XML
    for _ in range(2000):
        frame = box(b"jp2h", frame)
    with pytest.raises(Refused):
        text_spans(box(b"jP  ", b"\r\n\x87\n") + frame, JPEG_2000)


@pytest.mark.parametrize("syntax", [JPEG, JPEG_2000, JPEG_XL])
def test_a_frame_of_another_kind_than_its_transfer_syntax_is_refused(syntax: str) -> None:
    others = [NAME, PICTURE, b"\xff\x0a\0", b"\xff\x4f\xff\x51\0\4\0\0"]
    own = {JPEG: PICTURE, JPEG_2000: others[3], JPEG_XL: others[2]}[syntax]
    for frame in others:
        if frame is not own:
            with pytest.raises(Refused):
                without_comments(encapsulated(frame), syntax)


def test_unused_places_of_an_rle_header_are_zeros() -> None:
    header = struct.pack("<LL", 1, 64) + NAME.ljust(56, b"x")
    segment = b"\x02abc"
    after = bytes(without_comments(encapsulated(header + segment, header + segment), RLE_UID))
    assert NAME not in after
    assert after.count(segment) == 2
    parted = bytes(without_comments(encapsulated(header + segment, segment, header[:70], b"abc"), RLE_UID))
    assert NAME not in parted
    for broken in (struct.pack("<L", 16) + header[4:] + segment, header[:8], struct.pack("<LL", 1, 999) + header[8:]):
        with pytest.raises(Refused):
            without_comments(encapsulated(broken), RLE_UID)


@pytest.mark.parametrize("size", [10, 70_000, 1_000_000])
def test_what_follows_a_deflated_frame_goes(size: int) -> None:
    engine = zlib.compressobj(1, zlib.DEFLATED, -15)
    plain = bytes(at * at % 251 for at in range(size))
    packed = engine.compress(plain) + engine.flush()
    after = without_comments(encapsulated(packed + NAME, packed), DEFLATED_FRAMES_UID)
    frames = [bytes(memoryview(after)[a:b]) for a, b in fragments(memoryview(after))]
    assert frames == [packed + bytes(len(NAME)), packed]
    for broken in (packed[:-1], NAME):
        with pytest.raises(Refused):
            without_comments(encapsulated(broken), DEFLATED_FRAMES_UID)


def test_an_offset_table_that_is_none_is_emptied() -> None:
    fit = struct.pack("<LL", 0, 8 + len(PICTURE))
    value = encapsulated(PICTURE, PICTURE, table=fit)
    assert without_comments(value, JPEG) is value
    for table in (NAME, fit + b"K", struct.pack("<LL", 0, 9 + len(PICTURE))):
        after = bytes(without_comments(encapsulated(PICTURE, PICTURE, table=table), JPEG))
        assert after == EMPTY_OFFSET_TABLE + bytes(encapsulated(PICTURE, PICTURE))[8:]


def test_an_extended_offset_table_is_checked() -> None:
    value = encapsulated(PICTURE, PICTURE)
    offsets, lengths = struct.pack("<QQ", 0, 8 + len(PICTURE)), struct.pack("<QQ", len(PICTURE), len(PICTURE) - 1)
    assert extended_offsets_fit(offsets, lengths, value)
    for broken in (NAME, offsets[:-1], offsets[:8], struct.pack("<QQ", 0, 1), b""):
        assert not extended_offsets_fit(broken, lengths, value)
        assert not extended_offsets_fit(offsets, broken, value)


@pytest.mark.parametrize("number", [94, 95, 100, 101, 102, 103, 104, 105, 106, 107, 108, 204, 205])
def test_video_and_references_to_other_places_are_not_read(number: int) -> None:
    syntax = f"1.2.840.10008.1.2.4.{number}".encode()
    meta = b"\2\0\x10\0UI" + struct.pack("<H", len(syntax) + len(syntax) % 2) + syntax + b"\0" * (len(syntax) % 2)
    with pytest.raises(Refused, match=r"cannot be checked|does not know"):
        read_container(bytes(128) + b"DICM" + meta + b"\x08\0\x05\0CS\0\0")


@given(
    st.binary(max_size=200), st.sampled_from([JPEG, JPEG_2000, JPEG_XL, RLE_UID, DEFLATED_FRAMES_UID, ""]), st.data()
)
def test_any_fragments_are_blanked_in_place_or_refused(tail: bytes, syntax: str, data: st.DataObject) -> None:
    start = data.draw(
        st.sampled_from([b"", b"\xff\xd8", b"\xff\x4f\xff\x51", box(b"jP  ", b"\r\n\x87\n"), b"\xff\x0a"])
    )
    cut = data.draw(st.integers(0, len(start + tail)))
    value = encapsulated((start + tail)[:cut], (start + tail)[cut:])
    with contextlib.suppress(Refused):
        parts = list(fragments(value))
        assert all(any(a <= first < last <= b for a, b in parts) for first, last in spans_to_blank(value, syntax))

"""Compressed frames lose the text that they carry, and not one pixel."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.codestreams import text_spans, without_comments
from curation.deid.reasons import Refused

from . import checker, corpus

KEY = derive_subject_key(b"k" * 32, "donor")
NAME = b"Kunigunde Zwetschgenbaum"
COMMENT = b"\xff\xfe" + struct.pack(">H", len(NAME) + 2) + NAME
EXIF = b"\xff\xe1" + struct.pack(">H", len(NAME) + 8) + b"Exif\0\0" + NAME
COMMENT_2000 = b"\xff\x64" + struct.pack(">H", len(NAME) + 4) + b"\0\1" + NAME
XML = struct.pack(">L", 8 + len(NAME)) + b"xml " + NAME


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

"""ICC profiles lose their words, names of devices and dates, and convert every colour as they did."""

import io
import struct
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from curation.deid.pictures.icc import clean_icc, free_spans

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
NAME = b"Kunigunde Zwetschgenbaum"


def profile_of(**tags: bytes) -> bytes:
    """A profile with these tags, each with the bytes of its type and content."""
    table, content = struct.pack(">L", len(tags)), b""
    for name, value in tags.items():
        table += struct.pack(">4sLL", name.encode(), 132 + 12 * len(tags) + len(content), len(value))
        content += value + bytes(-len(value) % 4)
    header = bytearray(SRGB[:128])
    header[:4] = struct.pack(">L", 128 + len(table + content))
    header[48:56], header[80:84], header[84:128] = b"KuniZwet", b"Kuni", NAME + NAME[:20]
    return bytes(header) + table + content


def palettes() -> list[bytes]:
    """The profiles that pydicom's colour palettes carry, of an older version of the format."""
    folder = Path(pydicom.__file__).parent / "data" / "palettes"
    return [pydicom.dcmread(path).ICCProfile for path in sorted(folder.glob("*.dcm"))]


@pytest.mark.parametrize("data", [SRGB, *palettes()[:1]], ids=["sRGB", "palette"])
def test_every_colour_is_converted_as_before(data: bytes) -> None:
    cleaned = clean_icc(data)
    assert cleaned is not None
    assert len(cleaned) == len(data)
    picture = Image.frombytes("RGB", (64, 64), bytes(at * at % 251 for at in range(64 * 64 * 3)))
    profiles = [ImageCms.ImageCmsProfile(io.BytesIO(profile)) for profile in (data, cleaned)]
    before, after = (
        ImageCms.profileToProfile(picture, each, ImageCms.createProfile("LAB"), outputMode="LAB") for each in profiles
    )
    assert before is not None
    assert after is not None
    assert before.tobytes() == after.tobytes()
    assert ImageCms.getProfileDescription(profiles[1]).strip(" \0\n") == ""


def test_words_go_wherever_they_are() -> None:
    desc = b"desc" + bytes(4) + struct.pack(">L", len(NAME)) + NAME + struct.pack(">LL", 0, len(NAME) // 2) + NAME
    mluc = b"mluc" + bytes(4) + struct.pack(">LL", 1, 12) + b"deDE" + struct.pack(">LL", len(NAME), 28) + NAME
    curve = b"curv" + bytes(4) + struct.pack(">LH", 1, 0x0233)
    data = profile_of(
        desc=desc, cprt=b"text" + bytes(4) + NAME, dmnd=mluc, rTRC=curve, mmod=b"mmod" + NAME, tech=b"sig " + NAME
    )
    cleaned = clean_icc(data + NAME)
    assert cleaned is not None
    assert b"Kuni" not in cleaned
    assert b"Zwet" not in cleaned
    assert curve in cleaned
    assert len(cleaned) == len(data + NAME)
    assert clean_icc(cleaned) == cleaned


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        NAME,
        SRGB[:200],
        SRGB[:36] + b"xxxx" + SRGB[40:],
        SRGB[:128] + b"\xff\xff\xff\xff" + SRGB[132:],
        SRGB[:136] + b"\xff\xff\xff\x00" + SRGB[140:],
        SRGB[:136] + b"\0\0\0\0" + SRGB[140:],
    ],
)
def test_a_profile_that_cannot_be_read_gives_none(broken: bytes) -> None:
    assert clean_icc(broken) is None


@given(st.data())
def test_damage_gives_none_or_zeros_in_place(data: st.DataObject) -> None:
    source = bytearray(SRGB + NAME)
    for _ in range(data.draw(st.integers(1, 5))):
        source[data.draw(st.integers(0, 300))] = data.draw(st.integers(0, 255))
    cleaned = clean_icc(bytes(source))
    if cleaned is not None:
        assert NAME not in cleaned
        assert all(new in (old, 0) for new, old in zip(cleaned, source, strict=True))
        assert free_spans(cleaned) is not None

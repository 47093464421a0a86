"""What the door reads of a file, within its bounds, whatever the file is."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.header import READ_PIECES, HeaderError, read_header
from registry.rules.sniff import HEAD_BYTES, Kind, kind_of
from tests.factories.registry import dicom

DATA = dicom("Müller^Anna", "19500314", SpecificCharacterSet="ISO_IR 192", StudyInstanceUID="1.2.3")


def test_what_is_read() -> None:
    header = read_header(BytesIO(DATA))
    assert (header.patient_name, header.birth_date, header.modality) == ("Müller^Anna", "19500314", "CT")
    assert header.study_uid == "1.2.3"
    assert header.sop_uid.encode() in DATA
    assert "Müller" not in repr(header)


def test_a_bare_data_set_is_read_too() -> None:
    bare = DATA[DATA.index(b"\x08\x00\x05\x00CS") :]
    assert kind_of(bare[:HEAD_BYTES]) is Kind.DICOM
    assert read_header(BytesIO(bare)).patient_name == "Müller^Anna"


def test_a_deflated_bomb_is_opened_a_little_only() -> None:
    start = DATA.index(b"\x08\x00\x05\x00CS")
    old, new = b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x16\x001.2.840.10008.1.2.1.99"
    meta = bytearray(DATA[:start].replace(old, new))
    meta[140:144] = (int.from_bytes(meta[140:144], "little") + 2).to_bytes(4, "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(DATA[start:] + b"\0" * (20 << 20)) + packer.flush()
    assert read_header(BytesIO(bytes(meta) + body)).patient_name == "Müller^Anna"


@pytest.mark.parametrize("end", [133, 150, 200, 400, 500])
def test_a_cut_off_header_says_so(end: int) -> None:
    with pytest.raises(HeaderError, match=r"truncated|malformed") as error:
        read_header(BytesIO(DATA[:end]))
    assert "Copy it" in error.value.sentence


def test_a_long_value_is_passed_over_unread() -> None:
    large = dicom("A^B", "", ImageComments="x" * 10, PixelData=b"\0" * 1000)
    at = large.index(b"\x10\x00\x10\x00PN")
    private = b"\x09\x00\x10\x00LO\x04\x00ACME" + b"\x09\x00\x01\x10OB\0\0" + (8 << 20).to_bytes(4, "little")
    assert read_header(BytesIO(large[:at] + private + b"\0" * (8 << 20) + large[at:])).patient_name == "A^B"


def test_a_header_without_end_and_one_that_takes_too_long_are_given_up() -> None:
    start = DATA.index(b"\x10\x00\x10\x00PN")
    elements = b"".join(struct.pack("<HH2sH", 9, number, b"LO", 0) for number in range(0x1000, 0x1000 + READ_PIECES))
    with pytest.raises(HeaderError, match="endless"):
        read_header(BytesIO(DATA[:start] + elements + DATA[start:]))
    with pytest.raises(HeaderError, match="endless"):
        read_header(BytesIO(DATA), seconds=-1)


def test_a_list_of_two_thousand_images_is_no_endless_header() -> None:
    start = DATA.index(b"\x10\x00\x10\x00PN")
    uid = b"1.2.840.10008.5.1.4.1.1.2\0"
    pair = b"".join(struct.pack("<HH2sH", 8, number, b"UI", len(uid)) + uid for number in (0x1150, 0x1155))
    items = (b"\xfe\xff\x00\xe0" + struct.pack("<I", len(pair)) + pair) * 2_000
    many = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" + items + b"\xfe\xff\xdd\xe0\0\0\0\0"
    assert read_header(BytesIO(DATA[:start] + many + DATA[start:])).patient_name == "Müller^Anna"


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    start = DATA.index(b"\x10\x00\x10\x00PN")
    item = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with pytest.raises(HeaderError):
        read_header(BytesIO(DATA[:start] + item * 5000))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_any_damage_is_read_or_refused(at: int, noise: bytes) -> None:
    damaged = DATA[:at] + noise + DATA[at + len(noise) :]
    kind_of(damaged[:HEAD_BYTES])
    try:
        read_header(BytesIO(damaged))
    except HeaderError:
        pass


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", Kind.DOCUMENT),
        (b"\x00\x00\x00\x01Bud1\x00\x00", Kind.DOCUMENT),
        (b"ITSF\x03\x00\x00\x00", Kind.DOCUMENT),
        (b"SQLite format 3\0\x10\x00", Kind.DOCUMENT),
        (b"MSCF\0\0\0\0", Kind.PROGRAM),
        (b"\xcf\xfa\xed\xfe\x07\x00", Kind.PROGRAM),
        (b"folder/".ljust(257, b"\0") + b"ustar\x0000", Kind.ARCHIVE),
    ],
)
def test_what_macs_and_viewers_lay_beside_scans_is_clutter(begins: bytes, kind: Kind) -> None:
    assert kind_of(begins + bytes(200)) is kind


@given(st.binary(max_size=300))
def test_any_bytes_are_of_some_kind(data: bytes) -> None:
    assert kind_of(data) in Kind

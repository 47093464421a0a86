"""GE's protocol block is written anew from numbers with known names; nothing else of it gets through."""

import gzip
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid.private.ge_protocol import rebuilt_ge_protocol
from curation.deid.private.headers import is_header, rebuilt_header

from . import siemens

TEXT = b"""POSITION "Supine"
COIL "Kunigunde Zwetschgenbaum"
SEDESC "4711"
SLICEORDER "1"
NOSLC "15"
NOSLC "16"
VIEWORDER "0 Kunigunde"
DELACQ "-0.5"
"""


def block(text: bytes, name: str = "Kunigunde") -> bytes:
    """A block as scanners write it: length, and a gzip stream that also names a file and a time."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = stream.compress(text) + stream.flush()
    head = b"\x1f\x8b\x08\x08\x3f\x1e\xa1\x5b\0\3" + name.encode() + b"\0"
    packed = head + body + zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    return len(packed).to_bytes(4, "little") + packed + b"\0" * (len(packed) % 2)


def read(data: bytes) -> bytes:
    """The text of a block whose stream fills it to its last byte."""
    assert int.from_bytes(data[:4], "little") == len(data) - 4
    assert len(data) % 2 == 0
    return gzip.decompress(data[4:]).rstrip(b"\n")


def test_only_numbers_with_known_names_stay() -> None:
    rebuilt = rebuilt_ge_protocol(block(TEXT))
    assert rebuilt is not None
    assert read(rebuilt) == b'DELACQ "-0.5"\nSLICEORDER "1"'
    assert b"Kuni" not in rebuilt
    assert rebuilt_ge_protocol(rebuilt) == rebuilt
    assert rebuilt_ge_protocol(block(TEXT, "Zwetschgenbaum")) == rebuilt


@pytest.mark.parametrize(
    "broken",
    [b"", b"abcd", block(b""), block(b'COIL "1"\n'), block(TEXT)[:-9], block(TEXT)[4:], block(b"x" * 2_000_000 + TEXT)],
)
def test_a_block_that_cannot_be_read_or_says_nothing_is_dropped(broken: bytes) -> None:
    assert rebuilt_ge_protocol(broken) is None


@given(st.binary(max_size=300))
def test_whatever_a_block_holds_only_lines_of_numbers_come_out(middle: bytes) -> None:
    rebuilt = rebuilt_ge_protocol(block(b'\nMBACCEL "2"\n' + middle + b'\nGROUPDELAY "1.5"\n'))
    assert rebuilt is None or re.fullmatch(rb'([A-Z]+ "[-+.\d]+"\n?)+', read(rebuilt))


@given(st.binary(max_size=100))
def test_damage_raises_nothing(tail: bytes) -> None:
    for start in (block(TEXT)[:30], b"", b"\0\0\0\0\x1f\x8b"):
        rebuilt_header(start + tail)


def test_headers_are_known_by_creator_and_read_by_content() -> None:
    assert is_header("GEMS_SERS_01", 0x0025101B)
    assert is_header("SIEMENS CSA HEADER", 0x00291220)
    assert not is_header("GEMS_SERS_01", 0x00251007)
    assert not is_header("SIEMENS CSA HEADER", 0x0025101B)
    assert rebuilt_header(block(TEXT)) == rebuilt_ge_protocol(block(TEXT))
    csa = rebuilt_header(siemens.csa2({"B_value": ["1"]}))
    assert csa is not None
    assert siemens.read_csa(csa) == {"B_value": ["1"]}

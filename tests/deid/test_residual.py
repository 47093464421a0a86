"""The residual search finds a value in every spelling and encoding, and makes no hits of pixels and short words."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.deid import Cleaned, deidentify, derive_subject_key

from . import checker, planted
from .residual import residual_search

KEY = derive_subject_key(b"k" * 32, "donor")


def clean_file() -> bytes:
    """A cleaned object."""
    result = deidentify(planted.as_file(planted.dataset()), key=KEY)
    assert isinstance(result, Cleaned)
    return result.data


CLEAN = clean_file()


def with_text(value: bytes, tag: int = 0x00204000, vr: str = "LT") -> bytes:
    """The cleaned object with raw bytes put into a text element again."""
    ds = checker.read(CLEAN)
    body = ds.file_meta, value + b" " * (len(value) % 2)
    ds.add_new(tag, "UN" if vr == "UN" else vr, "")
    plain = planted.as_file(ds)
    head = tag.to_bytes(4, "big")
    key = bytes([head[1], head[0], head[3], head[2]]) + vr.encode() + b"\0\0"
    return plain.replace(key, key[:-2] + len(body[1]).to_bytes(2, "little") + body[1])


NAMES = [
    "Zwetschgenbaum^Kunigunde",
    "Ng^Mai-Lan",
    "O'Brien^Siobhán",
    "Müller-Lüdenscheidt^Jürgen",
    "山田^太郎",
    "Люкceмбypг^Роза",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("change", [str.lower, str.upper, str])
def test_each_part_of_a_name_is_found_in_each_encoding(name: str, encoding: str, change: type[str]) -> None:
    for part in name.split("^"):
        if len(part) < 3 and part.isascii():
            continue
        data = with_text(f"seen: {change(part)}, twice".encode(encoding))
        assert residual_search(data, ["Nobody^Here", name]) == [1]


@pytest.mark.parametrize(
    ("text", "encoding"), [("山田", "iso2022_jp"), ("山田", "shift_jis"), ("김희중", "euc_kr"), ("Jérôme", "latin-1")]
)
def test_older_character_sets_are_searched(text: str, encoding: str) -> None:
    assert residual_search(with_text(b"- " + text.encode(encoding) + b" -"), [text]) == [0]


@pytest.mark.parametrize("form", ["%Y%m%d", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d%m%Y", "%Y%m%d120000.5"])
def test_a_date_is_found_in_each_spelling(form: str) -> None:
    written = form.replace("%Y", "1961").replace("%m", "04").replace("%d", "17")
    assert residual_search(with_text(f"on {written}".encode()), ["19610417", "19610418"]) == [0]
    assert residual_search(with_text(f"on {written}".encode()), ["1961-04-17"]) == [0]


@pytest.mark.parametrize("written", ["17APR1961", "April 17, 1961", "17.4.61", "'61-04-17", "610417", "17. avril 1961"])
def test_a_date_is_found_in_text_however_it_is_written(written: str) -> None:
    assert residual_search(with_text(f"on {written}".encode()), ["19610417", "19610418"]) == [0]


@pytest.mark.parametrize("name", ["Li^Wei", "Doe^Li", "li^", "Wu^Li=李"])
def test_a_name_of_two_letters_is_found_as_a_word_of_a_text(name: str) -> None:
    assert residual_search(with_text(b"for Li, thorax"), [name]) == [0]
    assert residual_search(with_text(b"Lime, ali"), [name]) == []


def test_a_date_inside_a_longer_number_is_no_date() -> None:
    assert residual_search(with_text(b"2.25.9196104179999999999"), ["19610417"]) == []


def test_numbers_and_uids_are_found_whole() -> None:
    data = with_text(b"id PAT-7734921 and 1.2.840.99999.1.77 and 4711")
    assert residual_search(data, ["PAT-7734921", "1.2.840.99999.1.77", "4711", "1.2.840.99999.1.7", "471"]) == [0, 1, 2]


def test_binary_elements_are_searched_too() -> None:
    assert residual_search(CLEAN[:-512] + b"Kunigunde".ljust(512), [b"Kunigunde"]) == []
    assert residual_search(CLEAN + b"\x09\0\x10\x10Kunigunde!", ["Kunigunde"]) == [0]
    assert residual_search(b"no DICOM at all: Kunigunde", ["Kunigunde"]) == [0]
    assert residual_search(CLEAN + b"\x09\0\x10\x10Kunigunde!", [b"KUNIGUNDE"]) == [0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_pixels_make_no_hits(seed: int) -> None:
    ds = checker.read(CLEAN)
    ds.Rows = ds.Columns = 128
    noise = bytearray(random.Random(seed).randbytes(2 * 128 * 128))
    noise[100:103], noise[200:214] = b"Wu ", b"Zwetschgenbaum"
    ds.PixelData = bytes(noise)
    assert residual_search(planted.as_file(ds, preamble=bytes(128)), ["Wu^Li", "Zwetschgenbaum^Ho", "19610417"]) == []


def test_a_clean_file_holds_no_common_word() -> None:
    assert (
        residual_search(CLEAN, ["Basic^Profile", "Modified^Dates", "1", "CT", "M", "^", "", "Li^Ho", "Iso^Mono"]) == []
    )

"""The search for planted values finds what a naive search finds, in any spelling, and no number inside a longer one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.story.cohort import PlantedValue, compile_needles, search_bytes
from portal.story.cohort import search as search_module
from portal.story.cohort.needles import spellings_of


def found(haystack: bytes, *values: str | bytes | date, kind: str = "name") -> set[tuple[object, int]]:
    needles = compile_needles(PlantedValue(kind, value, 0) for value in values)
    return {(hit.planted.value, hit.offset) for hit in search_bytes(haystack, needles)}


def naive(haystack: bytes, needles: list[PlantedValue]) -> set[tuple[object, int]]:
    lowered, hits = haystack.lower(), set()
    for planted in needles:
        for spelling in spellings_of(planted):
            at = lowered.find(spelling)
            while at >= 0:
                hits.add((planted.value, at))
                at = lowered.find(spelling, at + 1)
    return hits


# Few different letters, so that needles overlap, contain each other and share their beginnings.
raw = st.binary(min_size=7, max_size=12).map(lambda b: bytes(c % 3 + 97 for c in b))


@given(st.lists(raw, min_size=1, max_size=30), st.lists(st.one_of(raw, st.binary(max_size=9)), max_size=40))
def test_it_finds_exactly_what_a_naive_search_finds(values, pieces):
    haystack = b"".join([*pieces, *values[::2]])
    planted = [PlantedValue("raw", value, 0) for value in values]
    hits = search_bytes(haystack, compile_needles(planted))
    assert {(hit.planted.value, hit.offset) for hit in hits} == naive(haystack, planted)


@given(raw, st.integers(0, 40), st.integers(8, 24))
def test_a_value_across_the_border_of_two_pieces_is_found_once(value, before, chunk):
    haystack = b"-" * before + value + b"-" * 30
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_module, "_CHUNK", chunk)
        hits = search_bytes(haystack, compile_needles([PlantedValue("raw", value, 0)]))
    assert [hit.offset for hit in hits] == [before]


@pytest.mark.parametrize(
    "written",
    [
        "Kręndovłane".encode(),
        "KRĘNDOVŁANE".encode(),
        b"krendovlane",
        "Kręndovłane".encode("utf-16-le"),
        "Kręndovłane".encode("utf-16-be"),
        "Kręndovłane".encode("iso8859-2"),
        b"Kr\\u0119ndov\\u0142ane",
        b"Kr%C4%99ndov%C5%82ane",
        "Kre\u0328ndovłane".encode(),
    ],
)
def test_a_name_is_found_however_it_is_written(written):
    assert found(b"\x00 before " + written + b" after", "Kręndovłane")


@pytest.mark.parametrize("encoding", ["utf-8", "iso2022_jp", "shift_jis", "euc_jp"])
def test_a_japanese_name_is_found_in_the_encodings_of_dicom_and_of_old_systems(encoding):
    assert found("PN 雪藤栗^鴨永雪 =".encode(encoding), "雪藤栗^鴨永雪")


@pytest.mark.parametrize(
    "written",
    [b"19500312", b"1950-03-12", b"12.03.1950", b"12.3.1950", b"12 March 1950", b"MARCH 12, 1950", b"12-MAR-1950",
     b"19500312101530.000000+0100", b"_19500312_1.dcm", "12/03/1950".encode("utf-16-le")],
)  # fmt: skip
def test_a_date_is_found_however_it_is_written(written):
    assert found(b"(" + written + b")", date(1950, 3, 12))


@pytest.mark.parametrize(
    "written", [b"2.25.919500312000012345678901234567890123", b"119500312", b"1950031299", b"1950-03-13"]
)
def test_the_digits_of_a_date_inside_something_else_are_no_date(written):
    assert not found(written, date(1950, 3, 12))


def test_a_number_inside_a_uid_is_no_hit_but_with_a_few_digits_around_it_is_one():
    assert not found(b"2.25.1199949955510000123456789012345678", "9994995551")
    assert found(b"0009994995551", "9994995551")
    assert found(b"id=9994995551;", "9994995551")


@pytest.mark.parametrize("written", [b"+44 7700 900123", b"07700 900123", b"447700900123", b"7700-900123"])
def test_a_phone_number_is_found_with_and_without_spaces(written):
    assert found(written, "+44 7700 900123", kind="phone")


@pytest.mark.parametrize("value", ["Smith", b"abc", ""])
def test_a_value_that_would_be_found_by_chance_is_refused(value):
    with pytest.raises(ValueError, match="seven bytes"):
        compile_needles([PlantedValue("name", value, 0)])


def test_nothing_is_found_in_nothing_and_nothing_searched_for_finds_nothing():
    assert search_bytes(b"", compile_needles([PlantedValue("name", "Klomflivorth", 0)])) == []
    assert search_bytes(b"Klomflivorth" * 10, compile_needles([])) == []


def test_a_value_planted_for_two_donors_is_reported_for_both():
    needles = compile_needles(
        [PlantedValue("physician", "Klomflivorth", 1), PlantedValue("physician", "Klomflivorth", 2)]
    )
    assert {hit.planted.donor for hit in search_bytes(b"dr klomflivorth", needles)} == {1, 2}

"""What headers said is recognised in what was read, with the errors that reading makes, and other words are not."""

import pytest

from curation.deid.pictures.plan import Region
from curation.deid.texts.facts import Facts
from curation.pixels.draw import MARKED_FRAMES, chosen
from curation.pixels.markers import is_marker, markers
from curation.pixels.places import outside
from curation.pixels.search import evenly
from curation.pixels.seeds import Seeds
from curation.work.seeds import MOST, seeds_from

SEEDS = Seeds(["Müller-Bernstein^Jörn", "0815 4711", "19570302", "Li^Wu"])


@pytest.mark.parametrize(
    "text",
    [
        "MUELLER",
        "mul1er",
        "Bernstein",
        "BEMSTEIN",
        "8ernste1n J",
        "JOERN",
        "08I5-47ll",
        "O8154711",
        "1957.03.02",
        "Name: Li",
        "WU",
    ],
)
def test_misread_values_are_recognised(text: str) -> None:
    assert SEEDS.said(text)


@pytest.mark.parametrize("text", ["", "SUPINE", "kV 120", "2001.11.12", "Living", "Lat", "R"])
def test_other_words_are_not(text: str) -> None:
    assert not SEEDS.said(text)


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert not Seeds([]).said("DOE JANE")
    assert not Seeds(["", "^", "a"]).said("a DOE")


def test_seeds_are_names_birth_dates_and_numbers_in_their_spellings() -> None:
    facts = Facts(names=frozenset({"Doe^Jane"}), births=frozenset({"19570302", "junk"}), ids=frozenset({"4711", "x"}))
    seeds = seeds_from(facts)
    assert {"Doe^Jane", "19570302", "02031957", "02Mar1957", "March021957", "4711"} <= set(seeds)
    assert "x" not in seeds
    assert seeds == seeds_from(facts)
    assert len(seeds_from(Facts(ids=frozenset(map(str, range(10_000, 20_000)))))) == MOST


@pytest.mark.parametrize("text", ["L", "R", "ap supine", "R LAT", "L CC", "Erect"])
def test_markings_are_known_when_read_well_and_only_then(text: str) -> None:
    assert is_marker(text, 0.95)
    assert not is_marker(text, 0.6)


@pytest.mark.parametrize("text", ["", "L 12", "JANE", "R DOE", "L R AP PA", "AP-7"])
def test_what_stands_beside_a_marking_makes_it_none(text: str) -> None:
    assert not is_marker(text, 1.0)


def test_no_marking_is_a_number_or_long() -> None:
    assert all(len(word) <= 12 and not any(map(str.isdigit, word)) for word in markers())


def test_frames_that_bear_findings_are_shown_first_and_the_first_and_the_last_always() -> None:
    assert [chosen(count) for count in (0, 1, 4, 5, 30)] == [[0], [0], [0, 1, 2, 3], [0, 1, 3, 4], [0, 10, 19, 29]]
    assert chosen(30, [7, 3]) == [3, 7, 0, 10, 19, 29]
    many = chosen(500, range(100, 400))
    assert len(many) == MARKED_FRAMES + 4
    assert {100, 399, 0, 499} <= set(many)
    assert evenly(9, 4) == [0, 3, 5, 8]


def test_outside_of_what_is_kept_is_everything_else_once() -> None:
    keep = [Region(2, 1, 4, 3), Region(5, 2, 3, 4), Region(-5, -5, 6, 6), Region(9, 6, 50, 50)]
    covered = [[0] * 10 for _ in range(8)]
    for left, top, width, height in outside(keep, 8, 10):
        for row in range(top, top + height):
            for column in range(left, left + width):
                covered[row][column] += 1
    for row in range(8):
        for column in range(10):
            kept = any(r.left <= column < r.left + r.width and r.top <= row < r.top + r.height for r in keep)
            assert covered[row][column] == (0 if kept else 1)
    assert outside([], 8, 10) == []

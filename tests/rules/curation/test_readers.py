"""When one curator's yes is enough, what is sampled, what is found of planted writing, and where regions may lie."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.rules.drawing import Drawing, Size, mistake
from curation.rules.lifecycle import ProbeState
from curation.rules.marks import Box, Place, is_held, places
from curation.rules.planted import outcome, rate
from curation.rules.readers import MODES, Decision, agreed, is_sampled, second_reader

KEY = b"k" * 32


@pytest.mark.parametrize("mode", MODES)
def test_one_yes_is_enough_only_for_what_nothing_speaks_against(mode: str) -> None:
    for risk, held, drawn, sampled in product(("clear", "clean", "look", "new"), *[(False, True)] * 3):
        second = second_reader(mode=mode, risk=risk, is_held=held, is_drawn=drawn, is_sampled=sampled)
        speaks = risk != "clear" or held or drawn or sampled
        assert second.needed == (mode == "always" or (mode == "risk" and speaks))
        assert bool(second.why) == (speaks or mode == "always")


def test_the_sample_is_about_as_large_as_asked_and_always_the_same() -> None:
    names = [str(n) for n in range(4_000)]
    picked = [name for name in names if is_sampled(KEY, name, one_in=20)]
    assert 140 <= len(picked) <= 260
    assert picked == [name for name in names if is_sampled(KEY, name, one_in=20)]
    assert picked != [name for name in names if is_sampled(b"other", name, one_in=20)]
    assert not any(is_sampled(KEY, name, one_in=0) for name in names)
    assert all(is_sampled(KEY, name, one_in=1) for name in names)


@pytest.mark.parametrize(
    ("noted", "kept"),
    [([], ""), ([""], ""), (["none", ""], "none"), (["lesion", "none"], ""), (["lesion", "lesion"], "lesion")],
)
def test_a_label_is_what_those_who_noted_one_agree_on(noted: list[str], kept: str) -> None:
    assert agreed(noted) == kept


def test_what_counts_as_seen() -> None:
    assert outcome(Decision.REJECT, reason="writing") is ProbeState.CAUGHT
    assert outcome(Decision.REJECT, reason="face") is ProbeState.VOID
    assert outcome(Decision.REDACT, touches=True) is ProbeState.CAUGHT
    assert outcome(Decision.REDACT, touches=False) is ProbeState.MISSED
    assert outcome(Decision.ACCEPT) is ProbeState.MISSED


def test_the_interval_is_wilsons() -> None:
    # Values of Wilson's score interval for 19 of 20, as in any table of it.
    found = rate(19, 20)
    assert (round(found.low, 3), round(found.high, 3)) == (0.764, 0.991)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_in_its_interval(caught: int, more: int) -> None:
    found = rate(caught, caught + more)
    assert 0 <= found.low <= caught / (caught + more) + 1e-9
    assert caught / (caught + more) - 1e-9 <= found.high <= 1


@given(*[st.integers(0, 40)] * 6, st.integers(1, 40), st.integers(1, 40))
def test_two_boxes_meet_where_they_share_a_pixel(
    a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int
) -> None:
    one, other = Box(a, b, e + 1, f + 1), Box(c, d, g, h)
    pixels = [{(x, y) for x in range(box.left, box.right) for y in range(box.top, box.bottom)} for box in (one, other)]
    assert one.meets(other) == other.meets(one) == bool(pixels[0] & pixels[1])


def test_regions_are_found_again_in_the_picture() -> None:
    sheet = [{"frame": 3, "region": {"left": 512, "top": 0, "width": 512, "height": 512}, "scale": 0.5}]
    (place,) = places(sheet, columns=1024, rows=1024, frames=9)
    assert place == Place(3, Box(512, 0, 512, 512), 0.5)
    assert place.in_picture(Box(100, 20, 50, 3)) == Box(562, 10, 25, 2)
    assert places(sheet[:0], columns=2048, rows=1024) == [Place(0, Box(0, 0, 1024, 512), 0.5)]
    assert places([], columns=100, rows=100, frames=4) == []
    assert places([{**sheet[0], "region": [1, 2, 3, 4]}], columns=9, rows=9)[0].box == Box(1, 2, 3, 4)


def test_what_is_not_said_to_be_blanked_is_left_to_a_person() -> None:
    assert not is_held([])
    assert not is_held([{"blanked": True}])
    assert is_held([{"blanked": True}, {"blanked": False}])
    assert is_held([{}])


def test_a_region_for_all_images_may_be_larger_than_some() -> None:
    small, large = UUID(int=1), UUID(int=2)
    sizes = {small: Size(10, 10, 1), large: Size(100, 100, 4)}
    assert mistake(Drawing(None, None, 50, 50, 50, 50), sizes) == ""
    assert mistake(Drawing(None, 3, 50, 50, 50, 50), sizes) == ""
    for wrong in (
        Drawing(small, None, 5, 5, 6, 1),
        Drawing(None, None, 50, 50, 51, 1),
        Drawing(large, 4, 0, 0, 1, 1),
        Drawing(UUID(int=3), None, 0, 0, 1, 1),
    ):
        assert mistake(wrong, sizes) != ""

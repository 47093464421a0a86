"""A curator at a series: by keyboard alone, without scripts, on a phone; and at contact sheets."""

from collections.abc import Callable, Iterator

import pytest

from core.accounts.models import User
from core.accounts.roles import Role
from core.due.run import drain
from curation.models import Derivation, Reading, Redaction, Series
from curation.rules.lifecycle import SeriesState
from tests.factories import core, curation
from tests.factories.whole import World
from tests.functional.visitor import Visitor

Visitors = Callable[..., Visitor]
PLACE = {"frame": None, "kind": "text", "confidence": 0.9, "said": False}


@pytest.fixture
def curator(world: World) -> User:
    return core.user(world.programme, Role.CURATOR, name="Cleo Curator")


@pytest.fixture
def several(world: World) -> Iterator[list[Series]]:
    """Four series; in the first one something was found, and something was blanked."""
    found = [curation.waiting_series(world.programme, images=2) for _ in range(4)]
    drain()
    image = found[0].derivations.order_by("position").last()
    assert image is not None
    marks = [
        PLACE | {"region": {"left": 10, "top": 8, "width": 50, "height": 12}, "blanked": False},
        PLACE | {"region": {"left": 70, "top": 108, "width": 50, "height": 12}, "blanked": True},
    ]
    Derivation.objects.filter(pk=image.pk).update(
        marks=marks, before=image.render, pixel_risk="look", pixel_reasons=["secondary_capture"]
    )
    Series.objects.filter(pk=found[0].pk).update(pixel_risk="look", is_held=True)
    yield found
    Series.objects.filter(pk__in=[series.pk for series in found]).update(state=SeriesState.WITHDRAWN)


def open_first(visitor: Visitor, series: Series) -> Visitor:
    return visitor.go(f"/curation/{series.pk}/")


def test_a_session_by_keyboard_alone(visitors: Visitors, several: list[Series], curator: User) -> None:
    reading = open_first(visitors(user=curator), several[0]).picture("series-marked").narrow()
    assert "Image 2 of 2" in reading.text  # what is left to decide comes first
    reading.key("d")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"):
        reading.key(key)
    reading.picture("series-drawing").key("Enter")
    assert "pixels at" in reading.text
    with reading.page.expect_navigation():
        reading.key("b")
    reading.look()
    drawn = Redaction.objects.get(series=several[0])
    assert (drawn.frame, drawn.left, drawn.top, drawn.drawn_by) == (None, 7, 5, curator)
    assert drawn.derivation is not None
    several[0].refresh_from_db()
    assert several[0].state == SeriesState.REDACTING
    with reading.page.expect_navigation():
        reading.key("a")
    reading.look()
    reading.key("?")
    assert "reject, then the reason" in reading.text
    reading.page.get_by_label("Single keys decide").uncheck()
    reading.key("a").key("n")
    reading.page.get_by_label("Single keys decide").check()
    with reading.page.expect_navigation():
        reading.key("n")
    reading.look().key("r")
    with reading.page.expect_navigation():
        reading.key("2")
    said = Reading.objects.filter(curator=curator).order_by("pk")
    assert list(said.values_list("decision", "reason")) == [("redact", ""), ("accept", ""), ("reject", "face")]
    assert all(seconds is not None for seconds in said.values_list("seconds", flat=True))


def test_dragging_draws_where_the_pointer_was(visitors: Visitors, several: list[Series], curator: User) -> None:
    reading = open_first(visitors(user=curator), several[0])
    reading.page.get_by_role("button", name="Draw on the picture").click()
    frame = reading.page.locator(".c-picture--after .c-frame")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    mouse, scale = reading.page.mouse, box["width"] / 128
    mouse.move(box["x"] + 20 * scale, box["y"] + 30 * scale)
    mouse.down()
    mouse.move(box["x"] + 60 * scale, box["y"] + 50 * scale, steps=4)
    mouse.up()
    reading.press("Blank these")
    drawn = Redaction.objects.get(series=several[0])
    for value, wanted in zip((drawn.left, drawn.top, drawn.width, drawn.height), (20, 30, 40, 20), strict=True):
        assert abs(value - wanted) <= 1


@pytest.mark.parametrize("at", [1280, 375])
def test_a_session_without_scripts(visitors: Visitors, several: list[Series], curator: User, at: int) -> None:
    reading = open_first(visitors(user=curator, width=at, scripts=False), several[0])
    reading.page.get_by_text("Give a place in numbers").click()
    for label, number in (("Left", "3"), ("Top", "4"), ("Width", "500"), ("Height", "6")):
        reading.write(label, number)
    reading.press("Add to the list").press("Blank these")
    assert "reaches beyond the picture" in reading.text
    reading.page.get_by_label("500 × 6 pixels").uncheck()
    reading.page.get_by_text("Give a place in numbers").click()
    for label, number in (("Left", "3"), ("Top", "4"), ("Width", "50"), ("Height", "6")):
        reading.write(label, number)
    reading.page.get_by_label("In which pictures?").select_option("all")
    reading.press("Add to the list").press("Blank these")
    drawn = Redaction.objects.get(series=several[0])
    assert (drawn.derivation, drawn.frame, drawn.left, drawn.width) == (None, None, 3, 50)
    assert "Accept" in reading.press("Accept").text
    reading.page.get_by_text("Reject, because").click()
    reading.press("It is not a medical image")
    said = Reading.objects.filter(curator=curator).order_by("pk").values_list("decision", flat=True)
    assert list(said) == ["redact", "accept", "reject"]


def test_on_a_phone(visitors: Visitors, several: list[Series], curator: User) -> None:
    reading = open_first(visitors(user=curator, width=375), several[0]).picture("series-marked")
    reading.page.get_by_label("Before", exact=True).check()
    assert reading.page.locator("[data-before]").is_visible()
    assert not reading.page.locator("[data-after]").is_visible()
    reading.go("/curation/").go("/curation/sheets/")


def test_contact_sheets_are_accepted_with_one_key_each(
    visitors: Visitors, several: list[Series], curator: User
) -> None:
    reading = visitors(user=curator).go("/curation/sheets/").picture("sheets").narrow()
    assert str(several[0].pk) not in reading.page.content()
    for number in (1, 2):
        with reading.page.expect_navigation():
            reading.key("a")
        reading.look()
        assert Reading.objects.filter(curator=curator, decision="accept").count() == number


def test_planted_writing_that_is_overlooked_and_that_is_found(
    visitors: Visitors, several: list[Series], curator: User
) -> None:
    first, second = several[1:3]
    for series in (first, second):
        curation.planted(series, curator)
    reading = open_first(visitors(user=curator), first).press("Accept").picture("planted")
    assert "There was writing in this picture" in reading.text
    assert "0 of 1 planted writing found" in reading.text
    reading.press("Look at the real pictures").press("Accept")
    open_first(reading, second).key("r")
    with reading.page.expect_navigation():
        reading.key("1")
    assert "You found writing that we had planted" in reading.look().text
    assert reading.path == f"/curation/{second.pk}/"
    assert "1 of 2 planted writings found" in reading.go("/curation/").text
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (SeriesState.ACCEPTED, SeriesState.WAITING)


def test_a_steward_reads_how_well_curators_look(visitors: Visitors, world: World) -> None:
    steward = visitors(user=world.people["steward"]).go("/curation/readers/").picture("readers").narrow()
    assert "planted writing" in steward.text

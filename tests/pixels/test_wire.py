"""Tasks and answers over the pipe: all of what is said arrives, and nothing that no honest child says."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.deid.pictures.plan import PixelPlan, Region
from curation.pixels.child import hand, wire
from curation.pixels.task import Drawn, Examined, Finding, Kind, Sheet, Shown, Task

NUMBER = st.integers(0, wire.MOST_NUMBER - 1)
REGION = st.builds(Region, NUMBER, NUMBER, NUMBER, NUMBER)
CODE = st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True)
FRAME = st.none() | NUMBER
PLAN = st.builds(
    PixelPlan,
    risk=st.sampled_from(wire.RISKS),
    reasons=st.lists(CODE, max_size=3).map(tuple),
    blank=st.lists(REGION, max_size=3).map(tuple),
    keep=st.lists(REGION, max_size=3).map(tuple),
    device=st.text(max_size=9),
    hidden_bits=st.booleans(),
)
TASK = st.builds(
    Task,
    plan=PLAN,
    seeds=st.lists(st.text(), max_size=5).map(tuple),
    new_uid=st.just("2.25.1"),
    drawn=st.lists(st.builds(Drawn, FRAME, REGION), max_size=3).map(tuple),
    second_look=st.booleans(),
)
SHEET = st.builds(
    Sheet,
    st.binary(max_size=50).map(wire.PNG.__add__),
    st.lists(st.builds(Shown, NUMBER, REGION, st.floats(0.01, 1)), max_size=4).map(tuple),
)
FINDING = st.builds(Finding, FRAME, REGION, st.sampled_from(Kind), st.booleans(), st.floats(0, 1), st.booleans())
EXAMINED = st.builds(
    Examined,
    risk=st.just("look"),
    after=SHEET,
    position=st.integers(-(2**31), 2**31 - 1),
    data=st.binary(max_size=99),
    before=st.none() | SHEET,
    reasons=st.lists(CODE, max_size=4).map(tuple),
    findings=st.lists(FINDING, max_size=5).map(tuple),
    is_new=st.booleans(),
)
LOOK = Task(PixelPlan("look"), new_uid="2.25.1")
HONEST = Examined("look", Sheet(wire.PNG, (Shown(0, Region(0, 0, 9, 9), 1.0),)), 3, b"file", is_new=True)


@given(TASK, st.binary(max_size=99))
@settings(max_examples=60, deadline=None)
def test_a_request_arrives_as_it_was_sent(task: Task, data: bytes) -> None:
    assert wire.asked(b"".join(wire.request_of(data, task))) == (task, data)


@given(EXAMINED)
@settings(max_examples=60, deadline=None)
def test_an_answer_arrives_as_it_was_sent(examined: Examined) -> None:
    assert wire.answered(wire.answer_of(examined), LOOK) == examined


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_bytes_do_anything_but_be_read_or_refused(answer: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.answered(answer, LOOK)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_answer_that_was_tampered_with_is_refused_or_still_says_what_can_be(data: st.DataObject) -> None:
    answer = bytearray(wire.answer_of(HONEST))
    for _ in range(data.draw(st.integers(1, 4))):
        answer[data.draw(st.integers(0, len(answer) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = wire.answered(bytes(answer), LOOK)
    except wire.Garbled:
        return
    assert found.risk == "look"
    assert found.after.png.startswith(wire.PNG)


@pytest.mark.parametrize(
    "change",
    [
        {"risk": "clear"},  # lower than the plan's
        {"risk": "fine"},
        {"reasons": ["Jane Doe"]},
        {"reasons": [7]},
        {"reasons": ["a"] * 1000},
        {"position": 2**40},
        {"position": True},
        {"findings": [[0, [0, 0, 1, 1], "name", True, 1, False]]},
        {"findings": [[0, [0, 0, 1, -1], "text", True, 1, False]]},
        {"findings": [[0, [0, 0, 1], "text", True, 1, False]]},
        {"findings": [[0, [0, 0, 1, 1], "text", "Jane", 1, False]]},
        {"findings": [[0, [0, 0, 1, 1], "text", True, float("nan"), False]]},
        {"findings": [[0, [0, 0, 1, 1], "text", True, 1, False]] * 30_000},
        {"sheets": [None, None]},
        {"sheets": [[8, []], None], "data": 2**60},
        {"sheets": [[8, [[0, [0, 0, 1, 1], 7]]], None]},
        {"sheets": [[-1, []], [13, []]]},
        {"is_new": "yes"},
        {"data": None},
    ],
)
def test_no_value_is_taken_that_cannot_be(change: dict[str, Any]) -> None:
    answer = wire.answer_of(HONEST)
    size = wire.HEAD_LENGTH.unpack_from(answer)[0]
    head = json.loads(answer[4 : 4 + size]) | change
    text = json.dumps(head).encode()
    with pytest.raises(wire.Garbled):
        wire.answered(wire.HEAD_LENGTH.pack(len(text)) + text + answer[4 + size :], LOOK)


def test_nothing_new_is_taken_where_no_uid_was_given() -> None:
    with pytest.raises(wire.Garbled):
        wire.answered(wire.answer_of(HONEST), replace(LOOK, new_uid=""))


def test_what_is_looked_for_is_shown_by_no_representation() -> None:
    assert "Doe" not in repr(replace(LOOK, seeds=("Doe^Jane",)))


def test_an_answer_that_breaks_off_is_none() -> None:
    whole = wire.HEAD.pack(b"P", 3) + b"png"
    assert hand.is_whole(whole)
    assert not any(hand.is_whole(whole[:cut]) for cut in range(len(whole)))

"""What a consent said at a moment, by what was known at another."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.events import ConsentEvent, EventKind, terms_at

START = datetime(2026, 1, 1, tzinfo=UTC)
SIGNED, CHANGED, RESTRICTED, WITHDRAWN = EventKind


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def event(kind: EventKind, effective: int, recorded: int, terms: str | None = "a") -> ConsentEvent:
    return ConsentEvent(kind, None if kind is WITHDRAWN else terms, day(effective), day(recorded))


def at(events: list[ConsentEvent], on: int, known: int) -> str | None:
    return terms_at(events, on=day(on), known_at=day(known))


LIFE = [event(SIGNED, 10, 10, "a"), event(CHANGED, 20, 20, "b"), event(WITHDRAWN, 30, 30)]


@pytest.mark.parametrize(
    ("on", "expected"), [(9, None), (10, "a"), (19, "a"), (20, "b"), (29, "b"), (30, None), (99, None)]
)
def test_a_life_as_it_is_known_afterwards(on: int, expected: str | None) -> None:
    assert at(LIFE, on, 99) == expected


@pytest.mark.parametrize(("known", "expected"), [(9, None), (15, "a"), (20, "b"), (30, None)])
def test_what_was_not_yet_known_does_not_count(known: int, expected: str | None) -> None:
    assert at(LIFE, 99, known) == expected


def test_a_change_entered_late_shows_only_to_those_who_know_of_it() -> None:
    late = [event(SIGNED, 10, 10, "a"), event(RESTRICTED, 20, 40, "narrow")]
    assert at(late, 25, 39) == "a"
    assert at(late, 25, 40) == "narrow"
    assert at(late, 15, 40) == "a"


def test_a_change_for_later_waits_for_its_day() -> None:
    planned = [event(SIGNED, 10, 10, "a"), event(CHANGED, 50, 20, "b"), event(RESTRICTED, 30, 30, "narrow")]
    assert [at(planned, on, 60) for on in (20, 40, 50)] == ["a", "narrow", "b"]


def test_a_withdrawal_ends_what_was_planned_before_it() -> None:
    planned = [event(SIGNED, 10, 10), event(CHANGED, 50, 20), event(SIGNED, 60, 21), event(WITHDRAWN, 30, 30)]
    assert [at(planned, on, 99) for on in (30, 55, 99)] == [None, None, None]


def test_what_was_signed_before_a_withdrawal_and_entered_after_it_makes_no_consent() -> None:
    """A paper that turns up late, say."""
    paper = [*LIFE, event(SIGNED, 25, 50, "paper")]
    assert [at(paper, on, 99) for on in (24, 27, 30, 99)] == ["b", "paper", None, None]
    assert at([*paper, event(SIGNED, 60, 60, "anew")], 60, 60) == "anew"
    assert at([event(WITHDRAWN, 30, 30), event(SIGNED, 30, 31, "a")], 30, 31) == "a"


def test_only_a_signature_makes_a_consent_again() -> None:
    assert at([*LIFE, event(CHANGED, 40, 40, "c")], 50, 50) is None
    assert at([*LIFE, event(SIGNED, 40, 40, "c")], 50, 50) == "c"
    assert at([event(CHANGED, 1, 1, "c")], 50, 50) is None


def test_at_one_moment_the_later_record_decides() -> None:
    assert at([event(SIGNED, 5, 5, "a"), event(CHANGED, 5, 5, "b")], 5, 5) == "b"
    assert at([event(SIGNED, 5, 5, "a"), event(WITHDRAWN, 5, 5)], 5, 5) is None
    assert at([event(WITHDRAWN, 5, 6), event(SIGNED, 5, 5, "a")], 5, 6) is None


@st.composite
def histories(draw: st.DrawFn) -> list[ConsentEvent]:
    kinds = draw(st.lists(st.sampled_from(EventKind), max_size=6))
    days = st.integers(0, 20)
    return [event(kind, draw(days), draw(days), str(place)) for place, kind in enumerate(kinds)]


@given(histories(), st.integers(0, 25), st.integers(0, 25))
def test_no_terms_are_in_force_after_a_withdrawal_unless_signed_since(
    events: list[ConsentEvent], on: int, known: int
) -> None:
    seen = sorted((e for e in events if e.effective_at <= day(on) and e.recorded_at <= day(known)),
                  key=lambda e: e.recorded_at)  # fmt: skip
    last = max((place for place, e in enumerate(seen) if e.kind is WITHDRAWN), default=-1)
    ended = max((e.effective_at for e in seen if e.kind is WITHDRAWN), default=day(0))
    signed_since = any(e.kind is SIGNED and e.effective_at >= ended for e in seen[last + 1 :])
    assert (at(events, on, known) is not None) is signed_since


@given(histories(), st.integers(0, 25))
def test_an_answer_by_what_was_known_never_changes_later(events: list[ConsentEvent], known: int) -> None:
    before = [e for e in events if e.recorded_at <= day(known)]
    assert [at(events, on, known) for on in range(25)] == [at(before, on, 99) for on in range(25)]


@given(histories())
def test_answers_change_only_where_an_event_takes_effect(events: list[ConsentEvent]) -> None:
    moments = {e.effective_at for e in events}
    for earlier, later in pairwise(range(25)):
        assert at(events, earlier, 99) == at(events, later, 99) or day(later) in moments


def test_an_event_is_refused_without_a_time_zone_or_with_the_wrong_terms() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ConsentEvent(SIGNED, "a", datetime(2026, 1, 1), START)  # noqa: DTZ001  # that is what is refused
    with pytest.raises(ValueError, match="names its terms"):
        ConsentEvent(SIGNED, None, START, START)
    with pytest.raises(ValueError, match="names its terms"):
        ConsentEvent(WITHDRAWN, "a", START, START)

"""How values and states are written for people."""

import importlib
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from core.design import formats
from core.design.tones import TONES, is_known, label_of, tone_of

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=2), "today at 10:00"),
        (timedelta(hours=13), "yesterday at 23:00"),
        (timedelta(days=40), "24 March 2026 at 12:00"),
        (timedelta(hours=-3), "today at 15:00"),
        (timedelta(days=-1), "tomorrow at 12:00"),
    ],
)
def test_a_moment(ago: timedelta, words: str) -> None:
    assert formats.moment(NOON - ago, now=NOON) == words


def test_a_date_has_no_time_of_day() -> None:
    assert formats.moment(date(2026, 5, 3)) == "3 May 2026"
    assert formats.machine_moment(date(2026, 5, 3)) == "2026-05-03"


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_has_words_and_comes_back_exactly(value: datetime) -> None:
    assert formats.moment(value, now=NOON)
    assert datetime.fromisoformat(formats.machine_moment(value)) == value


@pytest.mark.parametrize(
    ("octets", "words"), [(0, "0 bytes"), (999, "999 bytes"), (3_400_000, "3.4 MB"), (5 * 10**15, "5000.0 TB")]
)
def test_a_size(octets: int, words: str) -> None:
    assert formats.size(octets) == words


@given(st.text(max_size=80), st.integers(min_value=1, max_value=64))
def test_a_shortened_value_starts_like_the_whole_and_is_never_longer(value: str, keep: int) -> None:
    short = formats.shortened(value, keep)
    assert len(short) <= max(len(value), keep + 1)
    assert value.startswith(short.removesuffix("…")) or short == value


@pytest.mark.parametrize(("value", "words"), [(1204, "1,204"), (0.8734, "0.873"), (2.0, "2"), (1234.5, "1,234.5")])
def test_a_number(value: float, words: str) -> None:
    assert formats.grouped(value) == words


def states() -> list[StrEnum]:
    """Every state of every lifecycle that a page may show."""
    found: list[StrEnum] = []
    for app in settings.INSTALLED_APPS:
        if app in {"consent", "registry", "curation", "training_jobs"}:
            lifecycle = importlib.import_module(f"{app}.rules.lifecycle")
            kinds = [kind for name, kind in vars(lifecycle).items() if name.endswith("State")]
            found += [state for kind in kinds for state in kind]
    return found


def test_every_state_has_a_tone_that_was_chosen_for_it() -> None:
    assert len(states()) > 40
    assert sorted({str(state) for state in states() if not is_known(str(state))}) == []


@given(st.text(max_size=30))
def test_an_unknown_state_is_never_green(state: str) -> None:
    assert tone_of(state) in TONES
    assert is_known(state) or tone_of(state) == "neutral"


@pytest.mark.parametrize(("state", "words"), [("in_review", "In review"), ("TAKEN-BACK", "Taken back"), ("", "")])
def test_a_state_in_words(state: str, words: str) -> None:
    assert label_of(state) == words

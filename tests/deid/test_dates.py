"""Dates move back by one number of weeks a donor, so that intervals and weekdays hold, and keep their precision."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.deid import derive_subject_key
from curation.deid.values import dates

keys = st.binary(min_size=32, max_size=32)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def _da(day: date) -> bytes:
    return day.strftime("%Y%m%d").encode()


def _day(value: bytes) -> date:
    return date(int(value[:4]), int(value[4:6]), int(value[6:8]))


@given(keys)
def test_the_offset_is_whole_weeks_between_one_and_ten_years(key: bytes) -> None:
    back = dates.days_back(key)
    assert back % 7 == 0
    assert 52 <= back // 7 <= 520
    assert back == dates.days_back(key)


@given(keys, days, days)
def test_intervals_and_weekdays_hold(key: bytes, one: date, two: date) -> None:
    back = dates.days_back(key)
    first, second = dates.shifted_date(_da(one), back), dates.shifted_date(_da(two), back)
    assert first is not None
    assert second is not None
    assert _day(second) - _day(first) == two - one
    assert _day(first).weekday() == one.weekday()
    assert _day(first) == one - timedelta(days=back)


@given(
    keys, days, st.sampled_from([b"", b"13", b"1345", b"134501", b"134501.250000"]), st.sampled_from([b"", b"+0130"])
)
def test_a_datetime_moves_with_the_date_and_keeps_its_precision(
    key: bytes, day: date, time: bytes, zone: bytes
) -> None:
    back = dates.days_back(key)
    assert (
        dates.shifted_datetime(_da(day) + time + zone, back)
        == (dates.shifted_date(_da(day), back) or b"") + time + zone
    )


@given(keys, days, st.sampled_from([4, 6]))
def test_a_datetime_without_a_day_keeps_none(key: bytes, day: date, kept: int) -> None:
    shifted = dates.shifted_datetime(_da(day)[:kept], dates.days_back(key))
    assert shifted is not None
    assert len(shifted) == kept
    assert shifted != _da(day)[:kept]


@given(st.binary(max_size=20))
def test_anything_else_is_no_date(value: bytes) -> None:
    for shift in (dates.shifted_date, dates.shifted_datetime):
        shifted = shift(value, 364)
        assert shifted is None or len(shifted) == len(value)


@pytest.mark.parametrize("value", [b"20190230", b"00010101", b"2019-01-02", b"20190102-20190103", b"0000", b"201913"])
def test_impossible_dates_are_no_dates(value: bytes) -> None:
    assert dates.shifted_date(value, 364) is None
    assert dates.shifted_datetime(value, 364) is None


def test_a_date_with_dots_keeps_them() -> None:
    assert dates.shifted_date(b"2019.01.09", 7) == b"2019.01.02"


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (b"012M", b"012M"),
        (b"090Y", b"090Y"),
        (b"091Y", b"090Y"),
        (b"103Y", b"090Y"),
        (b"999W", b"999W"),
        (b"12Y", None),
    ],
)
def test_ages_end_at_ninety(age: bytes, shown: bytes | None) -> None:
    assert dates.capped_age(age) == shown


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_times_and_zones_are_told_from_text(hour: int, minute: int, second: int) -> None:
    assert dates.is_time(b"%02d%02d%02d.5" % (hour, minute, second))
    assert dates.is_time(b"%02d:%02d" % (hour, minute))
    assert not dates.is_time(b"Kunigunde")
    assert dates.is_zone(b"-0500")
    assert not dates.is_zone(b"CEST")


def test_two_donors_rarely_share_an_offset() -> None:
    offsets = {dates.days_back(derive_subject_key(b"d" * 32, f"donor {n}")) for n in range(400)}
    assert len(offsets) > 200

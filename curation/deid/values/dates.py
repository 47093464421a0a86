"""Moves dates back by a donor's own number of weeks, and checks times, zones and ages (PS3.5 section 6.2)."""

import re
from datetime import date, timedelta

from .keys import keyed

MIN_WEEKS, MAX_WEEKS = 52, 520
_DATE = re.compile(rb"(\d{4})([.]?)(\d{2})\2(\d{2})")
_DATETIME = re.compile(
    rb"(\d{4})(\d{2})?(?(2)(\d{2})?)((?(3)(?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?))([+-]\d{4})?"
)
_TIME = re.compile(rb"\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?)?")
_ZONE = re.compile(rb"[+-][01]\d[0-5]\d")
_AGE = re.compile(rb"(\d{3})([DWMY])")
_DAYS_IN = {b"D": 1.0, b"W": 7.0, b"M": 30.4, b"Y": 365.25}
_OLDEST_SHOWN = 90


def days_back(key: bytes) -> int:
    """By how many days this subject's dates move back: whole weeks, so that weekdays hold."""
    return 7 * (MIN_WEEKS + keyed(key, "date offset") % (MAX_WEEKS - MIN_WEEKS + 1))


def shifted_date(value: bytes, days: int) -> bytes | None:
    """A DA value moved back, in the form it had; None when it is not a date."""
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    moved = _moved(int(match[1]), int(match[3]), int(match[4]), days)
    dot = match[2].decode()
    return f"{moved.year:04}{dot}{moved.month:02}{dot}{moved.day:02}".encode() if moved else None


def shifted_datetime(value: bytes, days: int) -> bytes | None:
    """A DT value moved back with its precision, fraction and zone; None when it is not a date and time.

    A value without day or month moves from the middle of its month or year.
    """
    match = _DATETIME.fullmatch(value)
    if match is None:
        return None
    moved = _moved(int(match[1]), int(match[2] or 7), int(match[3] or (15 if match[2] else 1)), days)
    if moved is None:
        return None
    digits = f"{moved.year:04}{moved.month:02}{moved.day:02}".encode()
    kept = 8 if match[3] else 6 if match[2] else 4
    return digits[:kept] + match[4] + (match[5] or b"")


def _moved(year: int, month: int, day: int, days: int) -> date | None:
    try:
        return date(year, month, day) - timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def is_time(value: bytes) -> bool:
    """Whether a value is a TM value, also in the form with colons that older objects have."""
    return _TIME.fullmatch(value) is not None


def is_zone(value: bytes) -> bool:
    """Whether a value is an offset from UTC such as +0100."""
    return _ZONE.fullmatch(value) is not None


def capped_age(value: bytes) -> bytes | None:
    """An AS value, 090Y for every age above it in whatever unit; None when it is not an age."""
    match = _AGE.fullmatch(value)
    if match is None:
        return None
    if int(match[1]) * _DAYS_IN[match[2]] > _OLDEST_SHOWN * 365.25:
        return b"%03dY" % _OLDEST_SHOWN
    return value


def coarse_age(value: bytes) -> bytes | None:
    """An AS value beside a date that was not moved: days and weeks become whole months, so that no birth date follows.

    Capped as `capped_age`; None when it is not an age.
    """
    capped = capped_age(value)
    if capped is None or capped[3:] in (b"M", b"Y"):
        return capped
    return b"%03dM" % int(int(capped[:3]) * _DAYS_IN[capped[3:]] / _DAYS_IN[b"M"])

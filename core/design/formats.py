"""How values are written for people: dates, numbers, sizes and long hashes."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext, ngettext

from core.spoken import said

_MINUTE, _HOUR = 60, 3600
_LARGE = ("kB", "MB", "GB")


def moment(value: datetime | date, now: datetime | None = None) -> str:
    """Return a date or time as a person says it: `just now`, `today at 14:03`, `3 May 2026`.

    A naive datetime is taken in the current time zone. `now` is for callers that must agree on one clock.
    """
    if not isinstance(value, datetime):
        return date_format(value, "DATE_FORMAT")
    local = timezone.localtime(_aware(value))
    reference = timezone.localtime(now or timezone.now())
    age = (reference - local).total_seconds()
    if 0 <= age < _MINUTE:
        return gettext("just now")
    if 0 <= age < _HOUR:
        minutes = int(age // _MINUTE)
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    days = (reference.date() - local.date()).days
    words = {
        -1: gettext("tomorrow at %(time)s"),
        0: gettext("today at %(time)s"),
        1: gettext("yesterday at %(time)s"),
    }
    said = words.get(days, gettext("%(day)s at %(time)s"))
    return said % {"day": date_format(local, "DATE_FORMAT"), "time": time_format(local, "TIME_FORMAT")}


def machine_moment(value: datetime | date) -> str:
    """Return the ISO 8601 form that `<time datetime>` wants."""
    return _aware(value).isoformat() if isinstance(value, datetime) else value.isoformat()


def grouped(value: float | int | str) -> str:
    """Return a number with thin groups of thousands: `12,480`; a float keeps at most three decimals.

    Words in place of a number (`fewer than 20`) are ours, and said in the reader's language."""
    if isinstance(value, str):
        return said(value)
    plain = str(value) if isinstance(value, int) else f"{Decimal(f'{value:.3f}').normalize():f}"
    return number_format(plain, force_grouping=True)


def shortened(digest: str, keep: int = 10) -> str:
    """Return the first `keep` characters of a long hash with an ellipsis; a short value comes back whole."""
    return digest if len(digest) <= keep + 1 else f"{digest[:keep]}…"


def size(octets: int) -> str:
    """Return a file's size in the largest unit that keeps it above one: `3.4 MB` (decimal units)."""
    amount = float(octets)
    for unit in (gettext("bytes"), "kB", "MB", "GB"):
        if abs(amount) < 1000:
            return f"{number_format(amount, 1 if unit in _LARGE else 0)} {unit}"
        amount /= 1000
    return f"{number_format(amount, 1)} TB"


def _aware(value: datetime) -> datetime:
    return value if timezone.is_aware(value) else timezone.make_aware(value)

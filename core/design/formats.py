"""How values are written for people: dates, numbers, sizes and long hashes."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

_MINUTE, _HOUR = 60, 3600


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
        return "just now"
    if 0 <= age < _HOUR:
        minutes = int(age // _MINUTE)
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    days = (reference.date() - local.date()).days
    word = {-1: "tomorrow", 0: "today", 1: "yesterday"}.get(days)
    return f"{word or date_format(local, 'DATE_FORMAT')} at {local:%H:%M}"


def machine_moment(value: datetime | date) -> str:
    """Return the ISO 8601 form that `<time datetime>` wants."""
    return _aware(value).isoformat() if isinstance(value, datetime) else value.isoformat()


def grouped(value: float | int) -> str:
    """Return a number with thin groups of thousands: `12,480`; a float keeps at most three decimals."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")


def shortened(digest: str, keep: int = 10) -> str:
    """Return the first `keep` characters of a long hash with an ellipsis; a short value comes back whole."""
    return digest if len(digest) <= keep + 1 else f"{digest[:keep]}…"


def size(octets: int) -> str:
    """Return a file's size in the largest unit that keeps it above one: `3.4 MB` (decimal units)."""
    amount = float(octets)
    for unit in ("bytes", "kB", "MB", "GB"):
        if abs(amount) < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def _aware(value: datetime) -> datetime:
    return value if timezone.is_aware(value) else timezone.make_aware(value)

"""When a version may follow another without the difference between the two singling anybody out. Plain Python."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def wait_until(
    apart: int, since: Iterable[datetime], *, least: int, days: int, asked_at: datetime, now: datetime
) -> datetime | None:
    """Until when a new version waits, or None when it may be made now.

    `apart`: donors of the version before who would not be in the new one, or the other way round; `since`: when they
    left, where that is known; `least`: so many make a batch; `days`: for so long the first of them is waited for.
    """
    if apart == 0 or apart >= least:
        return None
    until = min(since, default=asked_at) + timedelta(days=days)
    return until if now < until else None

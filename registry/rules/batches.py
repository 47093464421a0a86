"""When a version may follow another without the difference between the two singling out who left. Plain Python."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def wait_until(
    leavers: int, since: Iterable[datetime], *, least: int, days: int, asked_at: datetime, now: datetime
) -> datetime | None:
    """Until when a new version waits, or None when it may be made now.

    `leavers`: donors of the version before who would not be in the new one; `since`: when they left, where that is
    known; `least`: so many make a batch; `days`: for so long the first of them is waited for at most.
    """
    if leavers == 0 or leavers >= least:
        return None
    until = min(since, default=asked_at) + timedelta(days=days)
    return until if now < until else None

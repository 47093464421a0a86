"""When the committee's votes decide a request."""

from collections.abc import Iterable
from typing import Final

from registry.rules.lifecycle import RequestState

#: Two members must agree, one way or the other.
NEEDED: Final = 2


def decided(votes: Iterable[bool]) -> RequestState | None:
    """APPROVED or REJECTED once that many members have voted so, else None; the first to reach it counts."""
    tally = {True: 0, False: 0}
    for approves in votes:
        tally[approves] += 1
        if tally[approves] == NEEDED:
            return RequestState.APPROVED if approves else RequestState.REJECTED
    return None

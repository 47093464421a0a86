"""When the committee's votes decide a request."""

from collections.abc import Collection, Iterable
from typing import Final

from registry.rules.lifecycle import RequestState

#: Two members must agree, one way or the other.
NEEDED: Final = 2


def agreed(covers: Iterable[Collection[str]]) -> frozenset[str]:
    """The matters that every member who approves finds covered; what one of them leaves out is not."""
    each = [frozenset(named) for named in covers]
    return frozenset.intersection(*each) if each else frozenset()


def decided(votes: Iterable[bool]) -> RequestState | None:
    """APPROVED or REJECTED once that many members have voted so, else None; the first to reach it counts."""
    tally = {True: 0, False: 0}
    for approves in votes:
        tally[approves] += 1
        if tally[approves] == NEEDED:
            return RequestState.APPROVED if approves else RequestState.REJECTED
    return None

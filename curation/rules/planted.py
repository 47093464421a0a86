"""What a curator's answer to planted writing says of how they look, and how sure a rate of catches is. Plain Python."""

from math import sqrt
from typing import NamedTuple

from curation.rules.lifecycle import ProbeState
from curation.rules.readers import Decision
from curation.rules.reasons import WRITING

#: The normal distribution's quantile for an interval that holds the true rate 95 times in a hundred.
Z95 = 1.959964


def outcome(decision: Decision, *, reason: str = "", touches: bool = False) -> ProbeState:
    """Caught by rejecting for writing or by drawing over it; missed by accepting, or by drawing elsewhere.

    Rejecting for another reason measures nothing: who sees a face need not look for writing any more.
    """
    if decision is Decision.REJECT:
        return ProbeState.CAUGHT if reason == WRITING else ProbeState.VOID
    return ProbeState.CAUGHT if touches else ProbeState.MISSED


class Rate(NamedTuple):
    """So many of so many, and between which shares the true one lies (95 %)."""

    caught: int
    planted: int
    low: float
    high: float


def rate(caught: int, planted: int) -> Rate:
    """The share of planted writings that were found, with Wilson's score interval (Wilson 1927)."""
    if planted == 0:
        return Rate(0, 0, 0.0, 1.0)
    share, square = caught / planted, Z95 * Z95
    middle = (share + square / (2 * planted)) / (1 + square / planted)
    half = Z95 * sqrt(share * (1 - share) / planted + square / (4 * planted * planted)) / (1 + square / planted)
    return Rate(caught, planted, max(middle - half, 0.0), min(middle + half, 1.0))

"""The states of a series on its way from cleaned to accepted, and every move that is allowed."""

from enum import StrEnum


class SeriesState(StrEnum):
    """A series of cleaned images."""

    CLEANING = "cleaning"  # files of its donation are still being cleaned, or renders are missing
    WAITING = "waiting"  # a curator is to look
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


SERIES_TRANSITIONS = {
    SeriesState.CLEANING: frozenset({SeriesState.WAITING, SeriesState.WITHDRAWN}),
    SeriesState.WAITING: frozenset({SeriesState.ACCEPTED, SeriesState.REJECTED, SeriesState.WITHDRAWN}),
    SeriesState.ACCEPTED: frozenset({SeriesState.WITHDRAWN}),
    SeriesState.REJECTED: frozenset({SeriesState.WITHDRAWN}),
    SeriesState.WITHDRAWN: frozenset[SeriesState](),
}

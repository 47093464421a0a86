"""The states of series, of words that stay, and of rechecks; every move that is allowed."""

from enum import StrEnum


class SeriesState(StrEnum):
    """A series of cleaned images."""

    CLEANING = "cleaning"  # files of its donation are still being cleaned, or renders are missing
    DEFACING = "defacing"  # it shows a head, and the operator's tool takes the face off
    WAITING = "waiting"  # a curator is to look
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


SERIES_TRANSITIONS = {
    SeriesState.CLEANING: frozenset({SeriesState.WAITING, SeriesState.DEFACING, SeriesState.WITHDRAWN}),
    SeriesState.DEFACING: frozenset({SeriesState.WAITING, SeriesState.WITHDRAWN}),
    SeriesState.WAITING: frozenset({SeriesState.ACCEPTED, SeriesState.REJECTED, SeriesState.WITHDRAWN}),
    # A report that somebody may be recognised in it was right, or a recheck found something.
    SeriesState.ACCEPTED: frozenset({SeriesState.REJECTED, SeriesState.WITHDRAWN}),
    SeriesState.REJECTED: frozenset({SeriesState.WITHDRAWN}),
    SeriesState.WITHDRAWN: frozenset[SeriesState](),
}


class RecheckState(StrEnum):
    """A look through all clean images of a programme under the rules of today."""

    RUNNING = "running"
    DONE = "done"


RECHECK_TRANSITIONS = {
    RecheckState.RUNNING: frozenset({RecheckState.DONE}),
    RecheckState.DONE: frozenset[RecheckState](),
}


class WordsState(StrEnum):
    """A text of which something stays in a study."""

    OPEN = "open"  # no curator has decided on it
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # it names somebody: nothing more of the study is taken


WORDS_TRANSITIONS = {
    WordsState.OPEN: frozenset({WordsState.ACCEPTED, WordsState.REJECTED}),
    WordsState.ACCEPTED: frozenset[WordsState](),
    WordsState.REJECTED: frozenset[WordsState](),
}

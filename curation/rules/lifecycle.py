"""The states of series, of words that stay, of planted writing and of rechecks; and every move."""

from enum import StrEnum


class SeriesState(StrEnum):
    """A series of cleaned images."""

    CLEANING = "cleaning"  # files of its donation are still being cleaned, or renders are missing
    DEFACING = "defacing"  # it shows a head, and the operator's tool takes the face off
    WAITING = "waiting"  # a curator is to look
    SECOND = "second"  # one curator said yes, and another is to look
    REDACTING = "redacting"  # a worker blanks what a curator drew
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


#: A curator can decide now.
OPEN = (SeriesState.WAITING, SeriesState.SECOND)
SERIES_TRANSITIONS = {
    SeriesState.CLEANING: frozenset({SeriesState.WAITING, SeriesState.DEFACING, SeriesState.WITHDRAWN}),
    SeriesState.DEFACING: frozenset({SeriesState.WAITING, SeriesState.WITHDRAWN}),
    SeriesState.WAITING: frozenset(
        {
            SeriesState.SECOND,
            SeriesState.REDACTING,
            SeriesState.ACCEPTED,
            SeriesState.REJECTED,
            SeriesState.WITHDRAWN,
        }
    ),
    SeriesState.SECOND: frozenset(
        {SeriesState.REDACTING, SeriesState.ACCEPTED, SeriesState.REJECTED, SeriesState.WITHDRAWN}
    ),
    # Rejected: what was drawn cannot be blanked in such a file.
    SeriesState.REDACTING: frozenset({SeriesState.WAITING, SeriesState.REJECTED, SeriesState.WITHDRAWN}),
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


class ProbeState(StrEnum):
    """Writing that is planted in a copy of a picture, for one curator."""

    DRAWING = "drawing"  # a worker is to draw it
    READY = "ready"  # it is shown in place of the real picture
    CAUGHT = "caught"
    MISSED = "missed"
    VOID = "void"  # it measured nothing: the series was decided before, or rejected for something else


PROBE_TRANSITIONS = {
    ProbeState.DRAWING: frozenset({ProbeState.READY, ProbeState.VOID}),
    ProbeState.READY: frozenset({ProbeState.CAUGHT, ProbeState.MISSED, ProbeState.VOID}),
    ProbeState.CAUGHT: frozenset[ProbeState](),
    ProbeState.MISSED: frozenset[ProbeState](),
    ProbeState.VOID: frozenset[ProbeState](),
}

"""What is to be written of a data set, put together from what became of its parts."""

from bisect import bisect_left
from itertools import chain
from typing import NamedTuple

from .context import Context
from .files.tree import Value
from .gates.gate import Traces
from .notes import Notes
from .outcome import Outcome, Told
from .units import Unit

_SMALL = 1 << 16


class Parts(NamedTuple):
    """What is to be written of a data set, and what is told and was noted of it."""

    pieces: list[Value]
    told: Told
    notes: list[Notes]
    traces: list[Traces]


def in_parts(context: Context, units: list[Unit]) -> Parts:
    """The outcomes of a file's units put together. Raises Refused."""
    notes: list[Notes] = []
    found: list[list[Value]] = []
    told: Told = {}
    traces: list[Traces] = []
    fresh: list[Outcome] = []
    options: frozenset[str] = frozenset()
    for unit in units:
        outcome = unit.outcome
        if outcome is None or unit.context is not context:
            outcome = context.clean(unit)
            fresh.append(outcome)
        elif outcome.traces is None:
            context.trace([outcome])
        notes.append(outcome.notes)
        found.append(outcome.pieces)
        if outcome.told:
            told.update(outcome.told)
        if outcome.options:
            options |= outcome.options
        if outcome.traces:
            traces.append(outcome.traces)
    traces.append(context.trace(fresh))
    tags = [unit.tag for unit in units]
    for tag, written in context.added(options, told):
        place = bisect_left(tags, tag)
        tags.insert(place, tag)
        found.insert(place, [written])
    return Parts(list(chain.from_iterable(found)), told, notes, traces)


def whole(context: Context, unit: Unit) -> Parts:
    """A data set that was read as a whole, cleaned as a whole. Raises Refused."""
    outcome = context.clean_whole(unit.elements)
    return Parts(outcome.pieces, outcome.told, [outcome.notes], [context.trace([outcome])])


def joined(pieces: list[Value]) -> list[Value]:
    """The same bytes in fewer pieces: small neighbours made one."""
    found: list[Value] = []
    run: list[Value] = []
    for piece in pieces:
        if len(piece) <= _SMALL:
            run.append(piece)
        else:
            found += (b"".join(run), piece)
            run = []
    return [*found, b"".join(run)]

"""What is to be written of a data set, put together from what became of its parts."""

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from .context import Context
from .files.tree import Value
from .gates.traces import NO_TRACES, Traces
from .making import traced
from .notes import Notes
from .outcome import NAMES, Told, told_by
from .recall import outcomes_of
from .units import Unit

_SMALL = 1 << 16
_NO_OPTIONS: frozenset[str] = frozenset()


class Parts(NamedTuple):
    """What is to be written of a data set, and what is told, was noted and is seen of it; the UIDs that went."""

    pieces: list[Value]
    told: Told
    notes: list[Notes]
    traces: list[Traces]
    uids: AbstractSet[bytes]


def in_parts(context: Context, units: list[Unit]) -> Parts:
    """The outcomes of a file's units put together. Raises Refused."""
    outcomes, found = outcomes_of(context, units)
    told: Told = {}
    uids: set[bytes] = set()
    notes: list[Notes] = []
    traces = [found]
    options = _NO_OPTIONS.union(*[outcome.options for outcome in outcomes])
    for outcome in outcomes:
        notes += outcome.notes
        if outcome.told:
            told.update(outcome.told)
        if outcome.uids:
            uids.update(outcome.uids)
        if outcome.shown is not NO_TRACES:
            traces.append(outcome.shown)
    pieces = [outcome.pieces for outcome in outcomes]
    tags = [unit.tag for unit in units]
    for tag, written in context.added(options, told):
        place = bisect_left(tags, tag)
        tags.insert(place, tag)
        pieces.insert(place, [written])
    for tag in NAMES:
        told.setdefault(tag, context.cleaner.name.decode())
    return Parts(list(chain.from_iterable(pieces)), told, notes, traces, uids)


def whole(context: Context, unit: Unit) -> Parts:
    """A data set that was read as a whole, cleaned as a whole. Raises Refused."""
    notes = context.subject.new_notes()
    cleaned = context.clean_whole(unit.elements, notes)
    pieces: list[Value] = []
    context.writer.dataset(cleaned, pieces)
    told = told_by(cleaned, context.encoding.little)
    return Parts(pieces, told, [notes], [traced(context, cleaned, pieces)], notes.uids.keys())


def joined(pieces: list[Value]) -> list[Value]:
    """The same bytes in fewer pieces: small neighbours made one."""
    found: list[Value] = []
    start = 0
    for at in [at for at, piece in enumerate(pieces) if len(piece) > _SMALL]:
        found += (b"".join(pieces[start:at]), pieces[at])
        start = at + 1
    return [*found, b"".join(pieces[start:])]

"""What became of a part of a file, and for whom it holds."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TypeAlias

from .decide import DecisionTable
from .files.tree import Dataset, Element, Value, number_in, text_in, text_of
from .gates.references import OWN
from .gates.traces import NO_TRACES, Traces, together
from .notes import Notes, options_of
from .texts.asked import NOTHING_ASKED, Asked

NAMES = PATIENT_NAME, PATIENT_ID = 0x00100010, 0x00100020
BODY_PART, REGIONS, PROTOCOL, SERIES_NAME = 0x00180015, 0x00082218, 0x00181030, 0x0008103E
POSITION, ORIENTATION, SPACING, THICKNESS = 0x00200032, 0x00200037, 0x00280030, 0x00180050
_CODE = 0x00080100
#: Attributes of which a result tells, and which must be there: identifiers, modality, date, size, place in the body.
TOLD = OWN | {
    *(0x00080016, 0x00080060, 0x00080020),
    *(0x00280008, 0x00280010, 0x00280011, PATIENT_NAME, PATIENT_ID),
    *(BODY_PART, REGIONS, PROTOCOL, SERIES_NAME, POSITION, ORIENTATION, SPACING, THICKNESS),
}
Told: TypeAlias = dict[int, str | int]
_NO_OPTIONS: frozenset[str] = frozenset()
_NO_UIDS: AbstractSet[bytes] = frozenset()
_NOTHING_TOLD: Mapping[int, str | int] = MappingProxyType({})
_NUMBERS = frozenset({0x00280008, 0x00280010, 0x00280011})


class Outcome:
    """What became of a unit: bytes to write, what was done, what is told of it, and its options.

    `told`: text or number by tag of those elements of which a result tells. `uids`: the UIDs that were replaced or
    removed. `shown`: what the bytes show by themselves; `bare`, `read` and `escaped`: the bytes as the gate looks for
    people in them (Gate.found).

    `asked`: the questions that were answered with no on the way, so that the outcome by the same `table` holds for
    everyone of whom the answers are no; None where it holds in the context alone in which it was made. `holds`: those
    of whom, or the context in which, that was found true, and the gate found nothing.
    """

    __slots__ = (
        *("asked", "bare", "escaped", "holds", "notes", "options", "pieces", "read", "shown", "table", "told"),
        "uids",
    )

    def __init__(self, pieces: list[Value], notes: list[Notes], table: DecisionTable) -> None:
        self.pieces = pieces
        self.notes = notes
        self.table = table
        self.options = _NO_OPTIONS
        self.uids = _NO_UIDS
        self.told: Mapping[int, str | int] = _NOTHING_TOLD
        self.shown: Traces = NO_TRACES
        self.bare = self.read = self.escaped = b""
        self.asked: Asked | None = None
        self.holds: object = None
        if len(notes) == 1:
            self.options = options_of(notes[0].decided)
            self.uids = notes[0].uids.keys() or _NO_UIDS


def composed(parts: Iterable[Outcome | None], table: DecisionTable) -> Outcome | None:
    """The outcome of units that became one, from theirs; None where one has none, or is bound."""
    found: list[Outcome] = []
    asked = NOTHING_ASKED
    for part in parts:
        if part is None or part.asked is None:
            return None
        found.append(part)
        asked |= part.asked
    whole = Outcome(
        [b"".join([piece for part in found for piece in part.pieces])],
        [notes for part in found for notes in part.notes],
        table,
    )
    whole.asked = asked
    whole.options = _NO_OPTIONS.union(*[part.options for part in found])
    whole.uids = frozenset().union(*[part.uids for part in found])
    whole.shown = together(part.shown for part in found)
    whole.bare = b"\n".join(part.bare for part in found if part.bare)
    whole.read = b"\n".join(part.read for part in found if part.read)
    whole.told = {tag: said for part in found for tag, said in part.told.items()}
    return whole


def told_by(elements: Dataset, little: bool) -> Told:
    """What is told of some elements; `little`: the order of bytes of numbers."""
    return {e.tag: _read(e, little) for e in elements if e.tag in TOLD}


def _read(element: Element, little: bool) -> str | int:
    if element.tag in _NUMBERS:
        return number_in(element, little)
    if element.items is not None:
        return " ".join(text_of(item, _CODE) for item in element.items)
    return text_in(element)

"""What became of a part of a file."""

from typing import TypeAlias

from .files.tree import Dataset, Element, Value, number_of, text_of
from .gates.gate import Traces
from .gates.references import OWN
from .notes import Notes

PATIENT_NAME, PATIENT_ID = 0x00100010, 0x00100020
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
_NUMBERS = frozenset({0x00280008, 0x00280010, 0x00280011})


class Outcome:
    """What became of a unit: bytes to write, cleaned elements, what was done, what is told of it, and its options.

    `told`: text or number by tag of those elements of which a result tells. `traces`: what the bytes show to the gate;
    None as long as it was asked about them together with others.
    """

    __slots__ = ("elements", "notes", "options", "pieces", "told", "traces")

    def __init__(self, pieces: list[Value], elements: Dataset, notes: Notes, little: bool) -> None:
        """`little`: the order of bytes of numbers."""
        self.pieces = pieces
        self.elements = elements
        self.notes = notes
        self.options = notes.options
        self.told: Told = {e.tag: _read(e, little) for e in elements if e.tag in TOLD}
        self.traces: Traces | None = None


def _read(element: Element, little: bool) -> str | int:
    if element.tag in _NUMBERS:
        return number_of([element], element.tag, little)
    if element.items is not None:
        return " ".join(text_of(item, _CODE) for item in element.items)
    return text_of([element], element.tag)

"""Everything that the outcome for an element depends on beside its own bytes; and the outcomes, remembered by it."""

from collections.abc import Iterator
from typing import NamedTuple

from .claims import claims
from .clean import Cleaner
from .decide import DecisionTable
from .echoes import Echoes
from .keys import SubjectKey
from .notes import Notes
from .parse import UNDEFINED, Parser
from .representations import pad
from .syntax import ENCODINGS, Encoding
from .tree import Dataset, Element, Value
from .units import Unit, Units
from .write import Writer

PATIENT_NAME, PATIENT_ID = 0x00100010, 0x00100020
#: Attributes of which a result tells, and which must be there: identifiers, modality, body part, date, size.
TOLD = frozenset({0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00080060, 0x00180015, 0x00080020}) | {
    *(0x00280008, 0x00280010, 0x00280011, PATIENT_NAME, PATIENT_ID)
}
_NAMES = ((PATIENT_NAME, "PN"), (PATIENT_ID, "LO"))
_JOINED = 128 * 1024


class Outcome(NamedTuple):
    """What became of a unit: bytes to write, cleaned elements, what was done, and those elements that are told of."""

    pieces: list[Value]
    elements: Dataset
    notes: Notes
    told: Dataset


class Context:
    """One kind of object of one subject in one encoding and character set."""

    def __init__(
        self,
        key: SubjectKey,
        group_key: bytes,
        table: DecisionTable,
        echoes: Echoes,
        encodings: list[str],
        encoding: Encoding,
        syntax: str,
    ) -> None:
        """`encoding` is how the source is written, `syntax` the transfer syntax of source and result."""
        self.cleaner = Cleaner(key, group_key, table, echoes, encoding.little, syntax)
        self.encodings = encodings
        self.encoding = encoding
        self.writer = Writer(ENCODINGS[syntax])
        self._added: dict[tuple[frozenset[str], tuple[int, ...]], list[tuple[int, bytes]]] = {}

    def added(self, options: frozenset[str], missing: tuple[int, ...], pseudonym: bytes) -> list[tuple[int, bytes]]:
        """What the engine itself writes into every object, by tag: what was done, and the pseudonym where it is missing."""
        found = self._added.get((options, missing))
        if found is None:
            names = [Element(tag, vr, pad(pseudonym, vr)) for tag, vr in _NAMES if tag in missing]
            found = self._added[options, missing] = [
                (element.tag, self._written([element])) for element in (*names, *claims(options))
            ]
        return found

    def _written(self, elements: Dataset) -> bytes:
        pieces: list[Value] = []
        self.writer.dataset(elements, pieces)
        return b"".join(pieces)

    def clean(self, unit: Unit, notes: Notes | None = None) -> Outcome:
        """The unit's outcome in this context, which the unit keeps. Raises Refused."""
        self.cleaner.notes = notes or Notes()
        self.cleaner.encodings = self.encodings
        outcome = self._by_items(unit) if unit.by_items else self._whole(unit.elements)
        unit.outcome, unit.context = outcome, self
        return outcome

    def _whole(self, elements: Dataset) -> Outcome:
        cleaned = self.cleaner.dataset(elements)
        pieces: list[Value] = []
        size = self.writer.dataset(cleaned, pieces)
        if size <= _JOINED:
            pieces = [b"".join(pieces)] if pieces else []
        return Outcome(pieces, cleaned, self.cleaner.notes, [element for element in cleaned if element.tag in TOLD])

    def _by_items(self, unit: Unit) -> Outcome:
        """A long sequence whose items are cleaned one by one, so that its tree is never held whole."""
        sequence = Element(unit.tag, "SQ", items=[])
        self.cleaner.note(sequence, self.cleaner.table.decide(unit.tag, "SQ", 0))
        content = bytearray()
        for item in items_of(unit, self.encoding):
            pieces: list[Value] = []
            self.writer.item(self.cleaner.item(item, unit.tag), pieces)
            content += b"".join(pieces)
        head = self.writer.header(unit.tag, "SQ", len(content))
        return Outcome([head, bytes(content)], [], self.cleaner.notes, [])


def items_of(unit: Unit, encoding: Encoding) -> Iterator[Dataset]:
    """The items of a long sequence, each read when it is asked for. Raises Irregular and Refused."""
    start = 12 if encoding.explicit else 8
    open_end = int.from_bytes(unit.raw[start - 4 : start], "little") == UNDEFINED
    units = Units(encoding)
    for at, after in units.items(unit.raw, start, len(unit.raw), open_end):
        item = bytes(unit.raw[at:after])
        yield Parser(item).items(0, len(item), encoding, 0, False)[0][0]

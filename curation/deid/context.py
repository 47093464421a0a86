"""Everything that the outcome for an element depends on beside its own bytes; and the outcomes, remembered by it."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from .clean import Cleaner
from .decide import DATE_OPTIONS, DecisionTable
from .files.representations import pad
from .files.syntax import ENCODINGS, Encoding
from .files.tree import Dataset, Element, Value
from .files.write import Writer
from .gates.gate import NO_TRACES, Gate, Traces, texts_of
from .notes import Notes
from .outcome import PATIENT_ID, PATIENT_NAME, Outcome, Told
from .reading.parse import PIXEL_TAGS, UNDEFINED, Parser
from .standard.claims import claims
from .texts.echoes import Echoes
from .texts.facts import Facts
from .units import Unit, Units
from .values import dates
from .values.keys import SubjectKey

_TAG = attrgetter("tag")
_NAMES = ((PATIENT_NAME, "PN"), (PATIENT_ID, "LO"))
_JOINED = 128 * 1024
# Longer values that stay as they were are waveforms, look-up tables, meshes: measured numbers.
_SAMPLES = 4096


class Context:
    """One kind of object of one subject in one encoding and character set."""

    def __init__(
        self,
        key: SubjectKey,
        group_key: bytes,
        table: DecisionTable,
        facts: Facts,
        encodings: list[str],
        encoding: Encoding,
        syntax: str,
        notes: Callable[[], Notes] = Notes,
    ) -> None:
        """`encoding` is how the source is written, `syntax` the transfer syntax of source and result.

        `notes` makes those for each part of a file.
        """
        echoes = Echoes(facts)
        self.cleaner = Cleaner(key, group_key, table, echoes, encoding.little, syntax)
        self.new_notes = notes
        self.facts = facts
        self.gate = Gate(facts, echoes)
        self.moved = self._days_that_stand(facts)
        self.pseudonym = self.cleaner.name
        self.encodings = encodings
        self.encoding = encoding
        self.writer = Writer(ENCODINGS[syntax])
        self._added: dict[tuple[object, ...], list[tuple[int, bytes]]] = {}

    def _days_that_stand(self, facts: Facts) -> frozenset[str]:
        """The days, as YYYYMMDD, that stand in the result by right: those to which others were moved."""
        if not any(self.cleaner.table.profile.has(option) for option in DATE_OPTIONS):
            return frozenset()
        moved = (dates.shifted_date(day.encode(), self.cleaner.days) for day in facts.dates)
        return frozenset(day.decode() for day in moved if day is not None)

    def claims(self, options: frozenset[str], told: Told) -> list[Element]:
        """What the engine itself writes into every object: what was done, and the pseudonym where it is missing."""
        names = [Element(tag, vr, pad(self.pseudonym, vr)) for tag, vr in _NAMES if tag not in told]
        return [*names, *claims(options)]

    def added(self, options: frozenset[str], told: Told) -> list[tuple[int, bytes]]:
        """The claims as they are written, by tag."""
        place = (options, PATIENT_NAME in told, PATIENT_ID in told)
        found = self._added.get(place)
        if found is None:
            found = [(element.tag, self._written([element])) for element in self.claims(options, told)]
            self._added[place] = found
        return found

    def _written(self, elements: Dataset) -> bytes:
        pieces: list[Value] = []
        self.writer.dataset(elements, pieces)
        return b"".join(pieces)

    def clean_whole(self, elements: Dataset, notes: Notes | None = None) -> Outcome:
        """A whole data set's outcome, with the claims. Raises Refused."""
        self.cleaner.notes = notes = notes or self.new_notes()
        cleaned = self.cleaner.dataset(elements)
        cleaned += self.claims(notes.options, dict.fromkeys((element.tag for element in cleaned), ""))
        cleaned.sort(key=_TAG)
        pieces: list[Value] = []
        self.writer.dataset(cleaned, pieces)
        return Outcome(pieces, cleaned, notes, self.encoding.little)

    def trace(self, outcomes: list[Outcome]) -> Traces:
        """What some outcomes' bytes show, outside pixel values; one outcome alone keeps the answer."""
        elements = [element for outcome in outcomes for element in outcome.elements]
        pixels = {id(element.value) for element in elements if element.tag in PIXEL_TAGS}
        pieces = [piece for each in outcomes for piece in each.pieces if id(piece) not in pixels]
        traces = self._shown(elements, pieces)
        traces = _together([traces, *(outcome.traces for outcome in outcomes if outcome.traces)])
        if len(outcomes) == 1:
            outcomes[0].traces = traces
        return traces

    def _shown(self, elements: Dataset, pieces: list[Value]) -> Traces:
        if not pieces:
            return NO_TRACES
        samples = [piece for piece in pieces if len(piece) > _SAMPLES and isinstance(piece, memoryview)]
        if samples:
            pieces = [piece for piece in pieces if not (len(piece) > _SAMPLES and isinstance(piece, memoryview))]
        return self.gate.traces(b"".join(pieces), texts_of(elements), samples=samples)

    def clean(self, unit: Unit) -> Outcome:
        """The unit's outcome in this context, which the unit keeps. Raises Refused."""
        self.cleaner.notes = self.new_notes()
        self.cleaner.encodings = self.encodings
        if unit.alone is not None:
            outcome = self._alone(unit.alone)
        else:
            outcome = self._by_items(unit) if unit.by_items else self._whole(unit.elements)
        unit.outcome, unit.context = outcome, self
        return outcome

    def _alone(self, element: Element) -> Outcome:
        cleaned = self.cleaner.root_element(element)
        if cleaned is None:
            return Outcome([], [], self.cleaner.notes, True)
        return Outcome([self.writer.element(cleaned)], [cleaned], self.cleaner.notes, True)

    def _whole(self, elements: Dataset) -> Outcome:
        cleaned = self.cleaner.dataset(elements)
        pieces: list[Value] = []
        size = self.writer.dataset(cleaned, pieces)
        # Pixel values stay a piece of their own: the gate leaves them out.
        if size <= _JOINED and not any(element.tag in PIXEL_TAGS for element in cleaned):
            pieces = [b"".join(pieces)] if pieces else []
        return Outcome(pieces, cleaned, self.cleaner.notes, self.encoding.little)

    def _by_items(self, unit: Unit) -> Outcome:
        """A long sequence whose items are cleaned one by one, so that its tree is never held whole."""
        self.cleaner.notes.decided.append(self.cleaner.table.decide(unit.tag, "SQ", 0))
        content = bytearray()
        traces: set[Traces] = set()
        for item in items_of(unit, self.encoding):
            pieces: list[Value] = []
            cleaned = self.cleaner.item(item, unit.tag)
            self.writer.item(cleaned, pieces)
            traces.add(self._shown(cleaned, pieces))
            content += b"".join(pieces)
        head = self.writer.header(unit.tag, "SQ", len(content))
        outcome = Outcome([head, bytes(content)], [], self.cleaner.notes, True)
        outcome.traces = _together(traces)
        return outcome


def _together(traces: Iterable[Traces]) -> Traces:
    """What several pieces show."""
    found = [trace for trace in traces if trace is not NO_TRACES]
    return Traces(*(frozenset().union(*parts) for parts in zip(*found, strict=True))) if found else NO_TRACES


def items_of(unit: Unit, encoding: Encoding) -> Iterator[Dataset]:
    """The items of a long sequence, each read when it is asked for. Raises Irregular and Refused."""
    start = 12 if encoding.explicit else 8
    open_end = int.from_bytes(unit.raw[start - 4 : start], "little") == UNDEFINED
    units = Units(encoding)
    for at, after in units.items(unit.raw, start, len(unit.raw), open_end):
        item = bytes(unit.raw[at:after])
        yield Parser(item).items(0, len(item), encoding, 0, False)[0][0]

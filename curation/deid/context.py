"""Everything that the outcome for an element depends on beside its own bytes."""

from operator import attrgetter

from .clean import Cleaner
from .decide import DATE_OPTIONS, DecisionTable
from .files.representations import pad
from .files.syntax import ENCODINGS, Encoding
from .files.tree import Dataset, Element, Value
from .files.write import Writer
from .notes import Notes
from .outcome import PATIENT_ID, PATIENT_NAME, Told
from .standard.claims import claims
from .subject import Subject
from .texts.facts import Facts

_TAG = attrgetter("tag")
_NAMES = ((PATIENT_NAME, "PN"), (PATIENT_ID, "LO"))


class Context:
    """One kind of object of one subject in one encoding and character set. Raises Refused if too many are named."""

    def __init__(
        self,
        subject: Subject,
        table: DecisionTable,
        facts: Facts,
        encodings: list[str],
        encoding: Encoding,
        syntax: str,
    ) -> None:
        """`facts`: those that identify someone. `encoding` is how the source is written.

        `syntax`: the transfer syntax of source and result.
        """
        self.named = subject.people.named(facts)
        self.echoes = self.named.echoes.on(facts.births | facts.dates)
        self.cleaner = Cleaner(
            subject.key, subject.group_key, table, self.echoes, encoding.little, syntax, subject.made
        )
        self.subject = subject
        self.table = table
        self.facts = facts
        self.gate = self.named.gate
        self.moved = self._days_that_stand(facts)
        self.encodings = encodings
        self.encoding = encoding
        self.writer = Writer(ENCODINGS[syntax])
        #: Whether an element that stays is written as the source has it.
        self.as_it_was = ENCODINGS[syntax] == encoding
        self._added: dict[tuple[object, ...], list[tuple[int, bytes]]] = {}

    def _days_that_stand(self, facts: Facts) -> frozenset[str]:
        """The days, as YYYYMMDD, that stand in the result by right: those to which others were moved."""
        if not any(self.table.profile.has(option) for option in DATE_OPTIONS):
            return frozenset()
        moved = (self.cleaner.moved(day.encode()) for day in facts.dates)
        return frozenset(day.decode() for day in moved if day is not None)

    def claims(self, options: frozenset[str], told: Told) -> list[Element]:
        """What the engine itself writes into every object: what was done, and the pseudonym where it is missing."""
        names = [Element(tag, vr, pad(self.cleaner.name, vr)) for tag, vr in _NAMES if tag not in told]
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

    def clean_whole(self, elements: Dataset, notes: Notes) -> Dataset:
        """The elements of a whole data set cleaned, with the claims. Raises Refused."""
        self.cleaner.begin(notes, self.encodings)
        self.cleaner.echoes = self.echoes
        cleaned = self.cleaner.dataset(elements)
        cleaned += self.claims(notes.options, dict.fromkeys((element.tag for element in cleaned), ""))
        cleaned.sort(key=_TAG)
        return cleaned

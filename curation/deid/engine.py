"""De-identifies files: bytes in, bytes out, or a reason why not; nothing is raised and nothing is logged."""

import hashlib
from bisect import bisect_left
from itertools import chain
from typing import NamedTuple

from . import pseudonyms
from .charsets import encodings_of
from .container import Container, read_container
from .context import PATIENT_ID, PATIENT_NAME, Context, items_of
from .decide import table_for
from .echoes import Echoes
from .facts import NOTHING, Facts, facts_of
from .keys import SubjectKey
from .notes import Notes
from .parse import Parser
from .pixels import COLUMNS, FRAMES, MODALITY, ROWS, PixelRisk, pixel_risk
from .profile import RESEARCH, Profile
from .reasons import SENTENCES, Refused
from .results import Cleaned, Quarantined
from .syntax import Encoding
from .tree import Dataset, Value, number_of, text_of
from .units import Buffer, Irregular, Unit, Units
from .write import file_meta

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
BODY_PART, STUDY_DATE, CHARSET = 0x00180015, 0x00080020, 0x00080005
_CONTEXTS = 64
#: The tag of a unit that stands for a whole data set.
WHOLE = -1


def deidentify(
    data: Buffer, *, key: SubjectKey, group_key: SubjectKey | None = None, profile: Profile = RESEARCH
) -> Cleaned | Quarantined:
    """Cleans one DICOM file for the subject whose key it is; for many files of a subject use `Deidentifier`."""
    return Deidentifier(key, group_key=group_key, profile=profile).clean(data)


class Source(NamedTuple):
    """A file that was read: its units, or one that stands for all where it is irregular."""

    container: Container
    units: list[Unit]
    warnings: int

    @property
    def judged(self) -> Dataset:
        """The root elements on which it depends whether the object may be cleaned."""
        if self.whole:
            return self.units[0].elements
        return [element for unit in self.units if unit.judged for element in unit.elements]

    @property
    def whole(self) -> bool:
        """Whether one unit stands for all."""
        return len(self.units) == 1 and self.units[0].tag == WHOLE


class Deidentifier:
    """Cleans the files of one subject, one after the other; what repeats from file to file is done once.

    The same bytes, keys and profile give the same output everywhere, whatever was cleaned before. Not to be shared by
    threads. It holds what the files say about the subject, and the key, until it is dropped.
    """

    def __init__(
        self,
        key: SubjectKey,
        *,
        group_key: SubjectKey | None = None,
        profile: Profile = RESEARCH,
        study: Facts = NOTHING,
    ) -> None:
        """`group_key` makes the dummies of sites and devices; without it they agree within the subject alone.

        `study`: what other files say about the subject, which no text that is kept may repeat.
        """
        self.key = key
        self.study = study
        self.group_key = group_key or key
        self.profile = profile
        self._pools: dict[tuple[Encoding, bytes], Units] = {}
        self._last: dict[Encoding, tuple[Encoding, bytes]] = {}
        self._contexts: dict[tuple[object, ...], Context] = {}

    def clean(self, data: Buffer) -> Cleaned | Quarantined:
        """Cleans one file, following PS3.15 annex E under the profile.

        Never raises for anything that a file may hold: what cannot be made safe comes back as Quarantined.
        """
        source = hashlib.sha256(data).hexdigest()
        try:
            return self._clean(data, source)
        except Refused as refused:
            return Quarantined(refused.reason, refused.sentence, source)
        except Exception:  # the promise is that no file can stop a worker; the cause may hold personal values
            return Quarantined("engine_failed", SENTENCES["engine_failed"], source)

    def read(self, data: Buffer) -> Source:
        """The file's elements, by the fast reader where it can; raises Refused."""
        container = read_container(data)
        if container.encoding.little:
            try:
                units = self._units(container)
                return Source(container, units, container.warnings)
            except Irregular:
                pass
        return read_plainly(container)

    def _units(self, container: Container) -> list[Unit]:
        place = self._last.get(container.encoding, (container.encoding, b""))
        pool = self._pools.setdefault(place, Units(container.encoding))
        units = pool.read(container.data, container.start)
        charset = next((bytes(unit.raw) for unit in units[:8] if unit.tag == CHARSET), b"")
        if charset != place[1]:
            place = self._last[container.encoding] = (container.encoding, charset)
            pool = self._pools.setdefault(place, Units(container.encoding))
            units = pool.read(container.data, container.start)
        return units

    def context(self, source: Source, sop_class: str) -> Context:
        """Everything on which the outcome for the file's elements depends beside their own bytes."""
        container = source.container
        table = table_for(sop_class, self.profile)
        encodings = encodings_of(source.judged, ["iso8859"])
        known = [self._facts(unit, container, encodings) for unit in source.units]
        bearing = [unit for unit, facts in zip(source.units, known, strict=True) if facts.identifies]
        syntax = container.transfer_syntax
        place = (table, self._last.get(container.encoding), syntax, *(unit.raw for unit in bearing))
        found = None if source.whole else self._contexts.get(place)
        if found is None:
            if len(self._contexts) >= _CONTEXTS:
                self._contexts.clear()
            facts = self.study
            for unit in bearing:
                facts |= self._facts(unit, container, encodings)
            found = Context(self.key, self.group_key, table, Echoes(facts), encodings, container.encoding, syntax)
            self._contexts[place] = found
        return found

    def _facts(self, unit: Unit, container: Container, encodings: list[str]) -> Facts:
        if unit.facts is None:
            parts = items_of(unit, container.encoding) if unit.by_items else [unit.elements]
            facts = NOTHING
            for part in parts:
                facts |= facts_of(part, encodings)
            unit.facts = facts
        return unit.facts

    def _clean(self, data: Buffer, digest: str) -> Cleaned:
        source = self.read(data)
        container = source.container
        little = container.encoding.little
        sop_class, risk = admitted(source, self.profile)
        context = self.context(source, sop_class)
        parts = Parts(context)
        if source.whole:
            parts.add_whole(source.units[0])
        else:
            parts.add(source.units)
        told = parts.told
        instance = text_of(told, SOP_INSTANCE)
        pieces = parts.pieces(pseudonyms.pseudonym(self.key))
        pieces.insert(0, file_meta(sop_class.encode(), instance.encode(), container.transfer_syntax))
        pieces = joined(pieces)
        output = hashlib.sha256()
        for piece in pieces:
            output.update(piece)
        return Cleaned(
            pieces=pieces,
            source_sha256=digest,
            output_sha256=output.hexdigest(),
            rules_digest=self.profile.digest,
            sop_class_uid=sop_class,
            sop_instance_uid=instance,
            series_uid=text_of(told, SERIES),
            study_uid=text_of(told, STUDY),
            modality=text_of(told, MODALITY),
            body_part=text_of(told, BODY_PART),
            rows=number_of(told, ROWS, little),
            columns=number_of(told, COLUMNS, little),
            frames=number_of(told, FRAMES, little, 1),
            study_date=text_of(told, STUDY_DATE).replace(".", ""),
            pixel_risk=risk,
            notes=[Notes(warnings=source.warnings), *parts.notes],
        )


class Parts:
    """What is to be written, by the root tag at which it stands."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.tags: list[int] = []
        self.found: list[list[Value]] = []
        self.notes: list[Notes] = []
        self.told: Dataset = []
        self.options: frozenset[str] = frozenset()

    def add(self, units: list[Unit]) -> None:
        """Puts the units' outcomes one after the other. Raises Refused."""
        context, notes, found = self.context, self.notes, self.found
        for unit in units:
            outcome = unit.outcome
            if outcome is None or unit.context is not context:
                outcome = context.clean(unit)
            notes.append(outcome.notes)
            found.append(outcome.pieces)
            if outcome.told:
                self.told += outcome.told
            if outcome.notes.options:
                self.options |= outcome.notes.options
        self.tags = [unit.tag for unit in units]

    def add_whole(self, unit: Unit) -> None:
        """Puts the outcome of a whole data set, element by element. Raises Refused."""
        outcome = self.context.clean(unit)
        self.notes.append(outcome.notes)
        self.options |= outcome.notes.options
        self.told = outcome.told
        for element in outcome.elements:
            pieces: list[Value] = []
            self.context.writer.dataset([element], pieces)
            self.tags.append(element.tag)
            self.found.append(pieces)

    def pieces(self, pseudonym: bytes) -> list[Value]:
        """The data set's bytes, with the pseudonym where it is missing and with what was done."""
        present = {element.tag for element in self.told}
        missing = tuple(tag for tag in (PATIENT_NAME, PATIENT_ID) if tag not in present)
        for tag, written in self.context.added(self.options, missing, pseudonym):
            place = bisect_left(self.tags, tag)
            self.tags.insert(place, tag)
            self.found.insert(place, [written])
        return list(chain.from_iterable(self.found))


def read_plainly(container: Container) -> Source:
    """The file read as a whole, without remembering anything; raises Refused."""
    parser = Parser(container.data)
    whole = Unit(WHOLE, b"", parser.root(container.start, container.encoding), 0)
    return Source(container, [whole], container.warnings + parser.warnings)


def admitted(source: Source, profile: Profile) -> tuple[str, PixelRisk]:
    """SOP class and pixel risk of an object that may be cleaned at all; raises Refused."""
    dataset = source.judged
    sop_class = text_of(dataset, SOP_CLASS)
    if not sop_class or not all(text_of(dataset, tag) for tag in (SOP_INSTANCE, STUDY, SERIES)):
        raise Refused("missing_identifier")
    if sop_class in profile.refuse:
        raise Refused("sop_class_not_allowed")
    container = source.container
    return sop_class, pixel_risk(
        dataset, sop_class, container.transfer_syntax, container.encoding.little, profile.options
    )


_SMALL = 1 << 16


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

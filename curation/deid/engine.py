"""De-identifies files: bytes in, bytes out, or a reason why not; nothing is raised and nothing is logged."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from operator import or_

from .context import Context, items_of
from .decide import DecisionTable, table_for
from .files.buffers import Buffer, digest
from .files.charsets import DEFAULT, encodings_of
from .files.container import Container, read_container
from .files.syntax import Encoding
from .files.write import file_meta
from .gates.gate import words_gone
from .notes import Notes
from .parts import Parts, in_parts, joined, whole
from .pictures.pixels import COLUMNS, FRAMES, MODALITY, ROWS, Plans
from .reasons import SENTENCES, Refused
from .results import Cleaned, Quarantined
from .source import SERIES, SOP_INSTANCE, STUDY, Source, admitted, completed, read_plainly
from .standard.profile import RESEARCH, Profile
from .texts.facts import NOTHING, Facts, facts_of
from .units import Irregular, Unit, Units
from .values.keys import SubjectKey

BODY_PART, STUDY_DATE, CHARSET = 0x00180015, 0x00080020, 0x00080005
_CONTEXTS = 64
# A data set's first bytes: character set, image type, SOP class. What is larger is never read as a whole.
_ALIKE, _LARGE = 96, 2 << 20


def deidentify(
    data: Buffer, *, key: SubjectKey, group_key: SubjectKey | None = None, profile: Profile = RESEARCH
) -> Cleaned | Quarantined:
    """Cleans one DICOM file for the subject whose key it is; for many files of a subject use `Deidentifier`."""
    return Deidentifier(key, group_key=group_key, profile=profile).clean(data)


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
        notes: Callable[[], Notes] = Notes,
    ) -> None:
        """`group_key` makes the dummies of sites and devices; without it they agree within the subject alone.

        `study`: what other files say about the subject, which no text that is kept may repeat. `notes` makes those for
        each part of a file.
        """
        self.new_notes = notes
        self.key = key
        self.study = study
        self.group_key = group_key or key
        self.profile = profile
        self._pools: dict[tuple[Encoding, bytes], Units] = {}
        self._last: dict[Encoding, tuple[Encoding, bytes]] = {}
        self._contexts: dict[tuple[object, ...], Context] = {}
        self._plans: Plans = {}
        self._facts = [NOTHING]
        self._marks = {NOTHING: 0}
        self._start = b""

    def clean(self, data: Buffer) -> Cleaned | Quarantined:
        """Cleans one file, following PS3.15 annex E under the profile.

        Never raises for anything that a file may hold: what cannot be made safe comes back as Quarantined.
        """
        source = digest(data)
        try:
            return self._clean(data, source)
        except Refused as refused:
            return Quarantined(refused.reason, refused.sentence, source)
        except Exception:  # the promise is that no file can stop a worker; the cause may hold personal values
            return Quarantined("engine_failed", SENTENCES["engine_failed"], source)

    def read(self, data: Buffer) -> Source:
        """The file's elements, by the fast reader where it can; raises Refused."""
        container = read_container(data)
        if container.encoding.little and (len(container.data) > _LARGE or self._met_before(container)):
            try:
                units = self._units(container)
                judged = [element for unit in units for element in unit.judged]
                return Source(container, units, container.warnings, judged)
            except Irregular:
                pass
        return read_plainly(container)

    def _met_before(self, container: Container) -> bool:
        """Whether the file before began like this one, as those of a series do; the first is read without ado."""
        before, self._start = self._start, bytes(container.data[container.start : container.start + _ALIKE])
        return before == self._start

    def _units(self, container: Container) -> list[Unit]:
        place = self._last.get(container.encoding, (container.encoding, b""))
        pool = self._pools.setdefault(place, Units(container.encoding))
        units = pool.read(container.data, container.start)
        charset = next((bytes(e.value) for unit in units[:4] for e in unit.judged if e.tag == CHARSET), b"")
        if charset != place[1]:
            place = self._last[container.encoding] = (container.encoding, charset)
            pool = self._pools.setdefault(place, Units(container.encoding))
            units = pool.read(container.data, container.start)
        return units

    def context(self, source: Source, sop_class: str) -> Context:
        """Everything on which the outcome for the file's elements depends beside their own bytes."""
        container = source.container
        table = table_for(sop_class, self.profile)
        if source.whole:
            encodings = encodings_of(source.judged, DEFAULT)
            return self._context(table, container, encodings, self.study | facts_of(source.judged, encodings))
        marks = [unit.mark for unit in source.units if unit.mark is not None]
        if len(marks) < len(source.units):
            encodings = encodings_of(source.judged, DEFAULT)
            marks = [self._mark(unit, source, encodings) for unit in source.units]
        place = (table, self._last.get(container.encoding), container.transfer_syntax, *filter(None, marks))
        found = self._contexts.get(place)
        if found is None:
            if len(self._contexts) >= _CONTEXTS:
                self._contexts.clear()
            facts = reduce(or_, (self._facts[mark] for mark in set(marks)), self.study)
            found = self._context(table, container, encodings_of(source.judged, DEFAULT), facts)
            self._contexts[place] = found
        return found

    def _context(self, table: DecisionTable, container: Container, encodings: list[str], facts: Facts) -> Context:
        syntax, encoding = container.transfer_syntax, container.encoding
        return Context(self.key, self.group_key, table, facts, encodings, encoding, syntax, self.new_notes)

    def _mark(self, unit: Unit, source: Source, encodings: list[str]) -> int:
        """A number for the facts by which a unit identifies; the same facts have the same number, and 0 is none."""
        if unit.mark is None:
            parts = items_of(unit, source.container.encoding) if unit.by_items else [unit.elements]
            unit.facts = reduce(or_, (facts_of(part, encodings) for part in parts), NOTHING)
            unit.mark = 0 if unit.facts is NOTHING else self._number(replace(unit.facts, words=frozenset()))
        return unit.mark

    def _number(self, facts: Facts) -> int:
        number = self._marks.setdefault(facts, len(self._marks))
        if number == len(self._facts):
            self._facts.append(facts)
        return number

    def _search(self, context: Context, parts: Parts, facts: Iterable[Facts]) -> None:
        """The last gate: raises Refused where what will be written shows what should have gone."""
        uids: set[bytes] = set()
        for notes in parts.notes:
            if notes.uids:
                uids.update(notes.uids)
        words = words_gone(parts.traces, facts)
        dates, moved = context.facts.dates, context.moved
        if context.gate.hits(parts.traces, uids=uids, dates=dates, moved=moved, words=words):
            raise Refused("residual_identity")

    def _clean(self, data: Buffer, source_sha256: str) -> Cleaned:
        source = completed(self.read(data), source_sha256)
        container = source.container
        sop_class, plan = admitted(source, self.profile, self._plans)
        context = self.context(source, sop_class)
        parts = whole(context, source.units[0]) if source.whole else in_parts(context, source.units)
        facts = [context.facts] if source.whole else [unit.facts for unit in source.units]
        self._search(context, parts, facts)
        told = parts.told
        instance, frames = str(told.get(SOP_INSTANCE, "")), int(told.get(FRAMES, 1))
        meta = file_meta(sop_class.encode(), instance.encode(), container.transfer_syntax)
        pieces = joined([meta, *parts.pieces])
        return Cleaned(
            pieces=pieces,
            source_sha256=source_sha256,
            output_sha256=digest(*pieces),
            rules_digest=self.profile.digest,
            sop_class_uid=sop_class,
            sop_instance_uid=instance,
            series_uid=str(told.get(SERIES, "")),
            study_uid=str(told.get(STUDY, "")),
            modality=str(told.get(MODALITY, "")),
            body_part=str(told.get(BODY_PART, "")),
            rows=int(told.get(ROWS, 0)),
            columns=int(told.get(COLUMNS, 0)),
            frames=frames,
            study_date=str(told.get(STUDY_DATE, "")).replace(".", ""),
            pixel_plan=plan,
            notes=[Notes(warnings=source.warnings), *parts.notes],
        )

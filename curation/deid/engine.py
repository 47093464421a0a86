"""De-identifies files: bytes in, bytes out, or a reason why not; nothing is raised and nothing is logged."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from .context import Context
from .decide import table_for
from .files.buffers import Buffer, digest
from .files.charsets import DEFAULT, encodings_of
from .files.container import Container, read_container
from .files.syntax import ENCODINGS, Encoding
from .files.write import file_meta
from .gates.gate import words_gone
from .making import items_of
from .notes import Notes
from .parts import Parts, in_parts, joined, whole
from .pictures.pixels import Plans
from .reasons import SENTENCES, Refused
from .results import Cleaned, Quarantined
from .source import SOP_INSTANCE, Source, admitted, completed, read_plainly
from .standard.profile import RESEARCH, Profile
from .subject import Subject
from .texts.facts import NOTHING, Facts, facts_of, gather, united
from .units import Irregular, Unit, Units, charset_of
from .values.keys import SubjectKey
from .values.lent import Lent

# So many of each are remembered; then it begins anew.
_CONTEXTS, _POOLS = 64, 64
# What is larger is never read as a whole.
_LARGE = 2 << 20


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
        lent: Lent | None = None,
    ) -> None:
        """`group_key` makes the dummies of sites and devices; without it they agree within the subject alone.

        `study`: what other files say about the subject, which no text that is kept may repeat. `notes` makes those for
        each part of a file. `lent`: what is there of a group key that is elsewhere (values/lent.py).
        """
        self.subject = Subject(key, group_key, study, notes, lent)
        self.profile = profile
        self._pools: dict[tuple[Encoding, Encoding, bytes], Units] = {}
        self._contexts: dict[tuple[object, ...], Context] = {}
        self._plans: Plans = {}

    @property
    def key(self) -> SubjectKey:
        """The subject's."""
        return self.subject.key

    @property
    def study(self) -> Facts:
        """What other files say about the subject."""
        return self.subject.people.study

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
        if container.encoding.little:
            try:
                pool = self._pool(container)
                if pool is not None:
                    units = pool.read(container.data, container.start)
                    judged = [element for unit in units for element in unit.judged]
                    return Source(container, units, container.warnings, judged)
            except Irregular:
                pass
        return read_plainly(container)

    def _pool(self, container: Container) -> Units | None:
        """The units met in files that are read and written as this one is, in its character set.

        None where it is the first such file: it may be the only one, and is sooner read without remembering anything.
        """
        data, encoding = container.data, container.encoding
        place = (encoding, ENCODINGS[container.transfer_syntax], charset_of(data, container.start, encoding))
        pool = self._pools.get(place)
        if pool is not None:
            return pool
        if len(self._pools) >= _POOLS:
            self._pools.clear()
        pool = self._pools[place] = Units(encoding)
        return pool if len(data) > _LARGE else None

    def context(self, source: Source, sop_class: str) -> Context:
        """Everything on which the outcome for the file's elements depends beside their own bytes. Raises Refused."""
        encodings = encodings_of(source.judged, DEFAULT)
        people = self.subject.people
        if source.whole:
            source.units[0].facts = said = people.study | facts_of(source.judged, encodings)
            facts = people.of_whole(said)
        else:
            marks = frozenset(
                [self._mark(unit, source, encodings) if unit.mark is None else unit.mark for unit in source.units]
            )
            facts = people.facts(marks, (unit.facts.kept for unit in source.units))
        container, table = source.container, table_for(sop_class, self.profile)
        place = (table, container.encoding, container.transfer_syntax, tuple(encodings), facts)
        found = self._contexts.get(place)
        if found is None:
            if len(self._contexts) >= _CONTEXTS:
                self._contexts.clear()
            found = Context(self.subject, table, facts, encodings, container.encoding, container.transfer_syntax)
            self._contexts[place] = found
        return found

    def _mark(self, unit: Unit, source: Source, encodings: list[str]) -> int:
        """A number for the facts by which a unit identifies; the same facts have the same number, and 0 is none."""
        if unit.mark is None:
            unit.facts = self._said(unit, source.container.encoding, encodings)
            unit.mark = self.subject.people.mark(unit.facts)
        return unit.mark

    @staticmethod
    def _said(unit: Unit, encoding: Encoding, encodings: list[str]) -> Facts:
        """What a unit says about the subject."""
        if unit.alone is not None:
            return gather(unit.alone, encodings)
        if unit.parts and all(part.mark is not None for part in unit.parts):
            return united(part.facts for part in unit.parts)
        parts = items_of(unit, encoding) if unit.by_items else [unit.elements]
        return reduce(or_, (facts_of(part, encodings) for part in parts), NOTHING)

    def _search(self, context: Context, parts: Parts, facts: Iterable[Facts]) -> None:
        """The last gate: raises Refused where what will be written shows what should have gone."""
        words = words_gone(parts.traces, facts)
        dates, moved = context.facts.dates, context.moved
        if context.gate.hits(parts.traces, uids=parts.uids, dates=dates, moved=moved, words=words):
            raise Refused("residual_identity")

    def _clean(self, data: Buffer, source_sha256: str) -> Cleaned:
        source = completed(self.read(data), source_sha256)
        container = source.container
        sop_class, plan = admitted(source, self.profile, self._plans)
        context = self.context(source, sop_class)
        parts = whole(context, source.units[0]) if source.whole else in_parts(context, source.units)
        self._search(context, parts, [unit.facts for unit in source.units])
        told = parts.told
        meta = file_meta(sop_class.encode(), str(told.get(SOP_INSTANCE, "")).encode(), container.transfer_syntax)
        pieces = joined([meta, *parts.pieces])
        return Cleaned.of(
            told,
            pieces=pieces,
            source_sha256=source_sha256,
            output_sha256=digest(*pieces),
            rules_digest=self.profile.digest,
            sop_class_uid=sop_class,
            pixel_plan=plan,
            notes=[Notes(warnings=source.warnings), *parts.notes],
        )

"""Walks a data set at every depth and does to each element what its decision says."""

from collections.abc import Callable, Mapping
from operator import lt
from types import MappingProxyType

from .actions import Action
from .content.trees import Tools, Where, clean_content, holds_content
from .decide import Decision, DecisionTable
from .files.charsets import encodings_of
from .files.tree import Dataset, Element
from .notes import Notes
from .private.actions import PRIVATE_REMOVED, private_action
from .private.headers import is_header
from .private.safe import Creators, creators, is_creator, safe, with_creators
from .readings import Readings
from .texts import codes
from .texts.echoes import Echoes
from .values.keys import SubjectKey
from .values.made import Made

_SAFE_PRIVATE = "retain_safe_private"
_PRIVATE_GOES = Decision(Action.REMOVE, PRIVATE_REMOVED, "UN", Action.REMOVE)
# Written again, with our own text, for the blocks of which something stays.
_NOT_PRIVATE = Decision(Action.REMOVE, "own:private-creator", "LO", Action.REMOVE)


class Cleaner(Readings):
    """Cleans data sets of one kind of object for one subject; `notes` say what it did since they were set."""

    def __init__(
        self,
        key: SubjectKey,
        group_key: bytes,
        table: DecisionTable,
        echoes: Echoes,
        little: bool,
        syntax: str,
        made: Made | None = None,
    ) -> None:
        """As its deeds, by the decisions of a table."""
        super().__init__(key, group_key, table, echoes, little, syntax, made)
        self.table = table
        self.tools = Tools(self.content_item, table.profile.options, little)
        self._path: tuple[int, ...] = ()

    def begin(self, notes: Notes, encodings: list[str]) -> None:
        """Begins at the root of a data set, wherever the one before may have broken off; `notes` are those from now."""
        self.notes, self.encodings, self.code_around, self._path = notes, encodings, None, ()

    def dataset(
        self, elements: Dataset, parent: int = 0, given: Mapping[int, Decision] = MappingProxyType({})
    ) -> Dataset:
        """The cleaned elements in tag order; `parent` is the enclosing sequence's tag. Raises Refused.

        `given`: decisions that something else has made already.
        """
        kept: Dataset = []
        table, notes = self.table, self.notes
        known, decided, steps = table.known, notes.decided, notes.steps
        creators = self.creators(elements)
        self.code_around, outside = codes.code_in(elements) if parent else None, self.code_around
        outer, self.encodings = self.encodings, encodings_of(elements, self.encodings)
        for element in elements:
            tag = element.tag
            if tag & 0x10000:
                decision = self.private(element, creators)
            else:
                decision = (
                    given.get(tag) or known.get((parent, tag, element.vr)) or table.decide(tag, element.vr, parent)
                )
            decided.append(decision)
            if steps is not None:
                steps.append((self._path, element, decision))
            cleaned = _DO[decision.action](self, element, decision)
            if cleaned is not None:
                kept.append(cleaned)
        self.encodings, self.code_around = outer, outside
        return self.ordered(kept, creators)

    def root_element(self, element: Element) -> Element | None:
        """One public element of the root that is no sequence, as `dataset` would clean it among others."""
        table, tag = self.table, element.tag
        decision = table.known.get((0, tag, element.vr)) or table.decide(tag, element.vr, 0)
        self.notes.decided.append(decision)
        if self.notes.steps is not None:
            self.notes.steps.append(((), element, decision))
        return _DO[decision.action](self, element, decision)

    def ordered(self, kept: Dataset, creators: Creators) -> Dataset:
        """The kept elements in tag order, each once, with the creators of those that are private."""
        tags = [element.tag for element in kept]
        if not creators and all(map(lt, tags, tags[1:])):
            return kept
        found: dict[int, Element] = {}
        for element in kept:
            if found.setdefault(element.tag, element) is not element:
                self.notes.warnings += 1  # an element that stands there twice: the first is the one that was judged
        if creators:
            found = with_creators(found, creators)
        return [found[tag] for tag in sorted(found)]

    def creators(self, elements: Dataset) -> Creators:
        """Who made each private block of a data set; nobody where nothing private may stay."""
        if not self.table.profile.has("retain_safe_private"):
            return {}
        return creators(elements) if any(element.tag & 0x10000 for element in elements) else {}

    def private(self, element: Element, known: Creators) -> Decision:
        """The decision for a private element, by its creator (PS3.15 section E.3.10)."""
        creator = known.get(element.tag >> 8, "")
        if not creator or is_creator(element.tag):
            return _NOT_PRIVATE if creator else _PRIVATE_GOES
        if is_header(creator, element.tag):
            return Decision(Action.HEADER, f"own:header:{creator}", "OB", Action.REMOVE, _SAFE_PRIVATE)
        row = safe(creator, element.tag)
        action, rule = private_action(row, element.vr)
        if row is None or action is Action.REMOVE:
            return Decision(action, rule, element.vr, Action.REMOVE)
        numeric = action is Action.KEEP
        return Decision(Action.NUMBERS if numeric else action, rule, row.vr, Action.REMOVE, _SAFE_PRIVATE)

    def fall_back(self, element: Element, decision: Decision) -> Element | None:
        """What is left of an element whose value cannot stay."""
        self.notes.warnings += 1
        return _DO[decision.fallback](self, element, decision)

    def walk(self, element: Element, decision: Decision) -> Element | None:
        """The sequence with each of its items cleaned."""
        if element.items is None:
            return self.fall_back(element, decision)
        if holds_content(element.tag, element.items):
            return Element(element.tag, "SQ", items=clean_content(element.items, element.tag, self.tools))
        return Element(element.tag, "SQ", items=[self.item(item, element.tag) for item in element.items])

    def content_item(self, elements: Dataset, where: Where, decisions: Mapping[int, Decision]) -> Dataset:
        """A content item's own elements cleaned; `decisions` are those that follow from its concept."""
        outer, self._path = self._path, (*self._path, *where.path)
        outside = self.encodings
        if where.charset is not None:
            self.encodings = encodings_of([where.charset], outside)
        stricter = {tag: self.table.with_project(tag, made) for tag, made in decisions.items()}
        cleaned = self.dataset(elements, where.path[-1], stricter)
        self._path, self.encodings = outer, outside
        return cleaned

    def item(self, item: Dataset, parent: int) -> Dataset:
        """One cleaned item of the sequence `parent`."""
        outer, self._path = self._path, (*self._path, parent)
        cleaned = self.dataset(item, parent)
        self._path = outer
        return cleaned


_DO: dict[Action, Callable[[Cleaner, Element, Decision], Element | None]] = {
    Action.KEEP: Cleaner.keep,
    Action.REMOVE: Cleaner.remove,
    Action.EMPTY: Cleaner.empty,
    Action.DUMMY: Cleaner.dummy,
    Action.UID: Cleaner.uid,
    Action.DATE: Cleaner.date,
    Action.TIME: Cleaner.time,
    Action.ZONE: Cleaner.zone,
    Action.AGE: Cleaner.age,
    Action.PSEUDONYM: Cleaner.pseudonym,
    Action.SITE: Cleaner.site,
    Action.DEVICE: Cleaner.device,
    Action.WALK: Cleaner.walk,
    Action.CODE_STRING: Cleaner.code_string,
    Action.NUMBER: Cleaner.number,
    Action.TERM: Cleaner.term,
    Action.TEXT: Cleaner.text,
    Action.CODE: Cleaner.code,
    Action.SHUTTER: Cleaner.shutter,
    Action.NUMBERS: Cleaner.numbers,
    Action.HEADER: Cleaner.header,
    Action.ICC: Cleaner.icc,
    Action.CHARSET: Cleaner.charset,
    Action.REFUSE: Cleaner.refuse,
}

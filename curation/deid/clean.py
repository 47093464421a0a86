"""Walks a data set at every depth and does to each element what its decision says."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from . import dates, pseudonyms, terms
from .actions import Action
from .codestreams import without_comments
from .decide import Decision, DecisionTable
from .dummies import dummy
from .echoes import Echoes
from .keys import SubjectKey
from .reasons import Refused
from .representations import pad
from .tree import Dataset, Element

# These three name this very object, so that they are replaced even where they hold a registered UID.
_OBJECT_UIDS = frozenset({0x00080018, 0x0020000D, 0x0020000E})


class Step(NamedTuple):
    """One line of an explanation: where the element stands, its name, what is done and by which rule."""

    path: str
    name: str
    action: str
    rule: str


class Cleaner:
    """Cleans one file's data set for one subject."""

    def __init__(self, key: SubjectKey, table: DecisionTable, echoes: Echoes) -> None:
        """`echoes`: what the file says about its subject, which no kept text may repeat."""
        self.key = key
        self.table = table
        self.echoes = echoes
        self.days = dates.days_back(key)
        self.decisions: Counter[str] = Counter()
        self.warnings = 0
        self.steps: list[tuple[tuple[int, ...], Element, Decision]] | None = None
        self._uids: dict[bytes, bytes] = {}
        self._path: tuple[int, ...] = ()
        self._public_codes = True

    def dataset(self, elements: Dataset, parent: int = 0) -> Dataset:
        """The cleaned elements in tag order; `parent` is the enclosing sequence's tag. Raises Refused."""
        kept: dict[int, Element] = {}
        decide, decisions = self.table.decide, self.decisions
        public_codes = terms.has_public_codes(elements) if parent else True
        for element in elements:
            decision = decide(element.tag, element.vr, parent)
            decisions[decision.rule] += 1
            if self.steps is not None:
                self.steps.append((self._path, element, decision))
            self._public_codes = public_codes
            cleaned = _DO[decision.action](self, element, decision)
            if cleaned is not None and kept.setdefault(element.tag, cleaned) is not cleaned:
                self.warnings += 1  # an element that stands there twice: the first is the one that was judged
        return [kept[tag] for tag in sorted(kept)]

    def fall_back(self, element: Element, decision: Decision) -> Element | None:
        """What is left of an element whose value cannot stay."""
        self.warnings += 1
        return _DO[decision.fallback](self, element, decision)

    def keep(self, element: Element, decision: Decision) -> Element | None:
        """The element as it is, under the VR that it should have; compressed frames lose their comments."""
        if element.fragments:
            return Element(element.tag, element.vr, without_comments(memoryview(element.value)), fragments=True)
        element.vr = decision.vr
        return element

    def remove(self, element: Element, decision: Decision) -> Element | None:
        """Nothing."""
        return None

    def empty(self, element: Element, decision: Decision) -> Element | None:
        """The element without value."""
        return Element(element.tag, decision.vr, b"", [] if decision.vr == "SQ" else None)

    def dummy(self, element: Element, decision: Decision) -> Element | None:
        """The element with a value that says nothing; a sequence gets one empty item."""
        return Element(element.tag, decision.vr, dummy(decision.vr), [[]] if decision.vr == "SQ" else None)

    def refuse(self, element: Element, decision: Decision) -> Element | None:
        """Gives up on the file."""
        raise Refused("unreadable_element")

    def walk(self, element: Element, decision: Decision) -> Element | None:
        """The sequence with each of its items cleaned."""
        if element.items is None:
            return self.fall_back(element, decision)
        outer, self._path = self._path, (*self._path, element.tag)
        items = [self.dataset(item, element.tag) for item in element.items]
        self._path = outer
        return Element(element.tag, "SQ", items=items)

    def uid(self, element: Element, decision: Decision) -> Element | None:
        """Each UID replaced, but for those that the standard registers."""
        own = element.tag in _OBJECT_UIDS
        values = [self.new_uid(uid, own) for uid in element.values()]
        return Element(element.tag, "UI", pad(b"\\".join(values), "UI"))

    def new_uid(self, uid: bytes, always: bool) -> bytes:
        """The keyed UID for one value; an empty one stays empty."""
        if not uid or (not always and pseudonyms.is_registered(uid)):
            return uid
        new = self._uids.get(uid)
        if new is None:
            new = self._uids[uid] = pseudonyms.keyed_uid(self.key, uid)
        return new

    def each(self, element: Element, decision: Decision, change: Callable[[bytes], bytes | None]) -> Element | None:
        """Every value of the element changed; if one cannot be, what is left is the fallback's."""
        changed = [change(value) if value else b"" for value in element.values()]
        whole = [value for value in changed if value is not None]
        if len(whole) < len(changed):
            return self.fall_back(element, decision)
        return Element(element.tag, decision.vr, pad(b"\\".join(whole), decision.vr))

    def date(self, element: Element, decision: Decision) -> Element | None:
        """The dates, or dates with times, moved back."""
        shift = dates.shifted_date if decision.vr == "DA" else dates.shifted_datetime
        return self.each(element, decision, lambda value: shift(value, self.days))

    def time(self, element: Element, decision: Decision) -> Element | None:
        """A time stays: whole weeks do not touch it."""
        return self.each(element, decision, lambda value: value if dates.is_time(value) else None)

    def zone(self, element: Element, decision: Decision) -> Element | None:
        """An offset from UTC stays."""
        return self.each(element, decision, lambda value: value if dates.is_zone(value) else None)

    def age(self, element: Element, decision: Decision) -> Element | None:
        """An age stays, up to ninety years."""
        return self.each(element, decision, dates.capped_age)

    def pseudonym(self, element: Element, decision: Decision) -> Element | None:
        """The donor's pseudonym."""
        return Element(element.tag, decision.vr, pad(pseudonyms.pseudonym(self.key), decision.vr))

    def checked(self, element: Element, decision: Decision, passes: Callable[[bytes], bool]) -> Element | None:
        """The element as it is if its value passes; an echo of the subject never does."""
        text = bytes(element.value)
        if not text or (passes(text) and not self.echoes.within(text)):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def code_string(self, element: Element, decision: Decision) -> Element | None:
        """Defined terms, if they have the form of terms; where one must be there, a dummy stands for those that go."""
        text = bytes(element.value)
        if terms.is_code_string(text) and (element.tag in terms.STRUCTURAL or not self.echoes.within(text)):
            return self.keep(element, decision)
        if decision.fallback is not Action.DUMMY:
            return self.fall_back(element, decision)
        self.warnings += 1
        kept = [v if terms.is_code_string(v) and not self.echoes.within(v) else terms.MASK for v in element.values()]
        return Element(element.tag, decision.vr, pad(b"\\".join(kept), decision.vr))

    def number(self, element: Element, decision: Decision) -> Element | None:
        """Numbers in text, if that is what they are."""
        if terms.is_numeric(bytes(element.value)):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def term(self, element: Element, decision: Decision) -> Element | None:
        """A technical term, if it is short and plain."""
        return self.checked(element, decision, terms.is_plain)

    def code(self, element: Element, decision: Decision) -> Element | None:
        """A code of a scheme that anyone can look up; any other becomes a dummy."""
        return self.checked(element, decision, lambda text: self._public_codes and terms.is_plain(text))

    def charset(self, element: Element, decision: Decision) -> Element | None:
        """The character set, if it is written as one; kept text is ASCII in any case."""
        return self.keep(element, decision) if terms.is_code_string(bytes(element.value)) else None


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
    Action.WALK: Cleaner.walk,
    Action.CODE_STRING: Cleaner.code_string,
    Action.NUMBER: Cleaner.number,
    Action.TERM: Cleaner.term,
    Action.CODE: Cleaner.code,
    Action.CHARSET: Cleaner.charset,
    Action.REFUSE: Cleaner.refuse,
}

"""What can be done to one element's value whatever it says; nothing here knows where the element stands."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from .decide import Decision, DecisionTable
from .files.representations import pad
from .files.tree import Dataset, Element
from .limits import MAX_LUT_BYTES, MAX_PRIVATE_NUMBER_BYTES
from .notes import Notes
from .pictures.codestreams import without_comments
from .pictures.icc import clean_icc
from .private.actions import are_numbers
from .private.headers import rebuilt_header
from .reasons import Refused
from .standard.strengthening import LOOK_UP_TABLES
from .texts import codes
from .texts.echoes import Echoes
from .values import dates, pseudonyms, terms
from .values.dummies import dummy
from .values.dummy_items import dummy_items
from .values.keys import SubjectKey
from .values.made import Made

# These three name this very object, so that they are replaced even where they hold a registered UID.
_OBJECT_UIDS = frozenset({0x00080018, 0x0020000D, 0x0020000E})


def uids_of(elements: Dataset) -> Iterator[bytes]:
    """Every UID in some elements, at every depth."""
    for element in elements:
        if element.items is not None:
            for item in element.items:
                yield from uids_of(item)
        elif element.vr == "UI":
            yield from filter(None, element.values())


class Deeds(ABC):
    """The deeds that decisions name, for one kind of object of one subject; `notes` say what was done lately.

    `code_around`: the code in whose item the element stands.
    """

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
        """`group_key` makes the dummies of sites and devices; `echoes`: what no kept text may repeat.

        `little`: the order of bytes in the source; `syntax`: its transfer syntax. `made`: what these keys made before.
        """
        self.made = made or Made(key, group_key)
        self.little = little
        self.syntax = syntax
        self.echoes = echoes
        self.days = 0 if table.profile.has("retain_long_full_dates") else self.made.days
        self.name = self.made.name
        self.notes = Notes()
        self.encodings = ["iso8859"]
        self.code_around: codes.Code | None = None

    @abstractmethod
    def fall_back(self, element: Element, decision: Decision) -> Element | None:
        """What is left of an element whose value cannot stay: the deed that the decision names for that."""

    def keep(self, element: Element, decision: Decision) -> Element | None:
        """The element as it is, under the VR that it should have; compressed frames lose their comments."""
        if element.fragments:
            clean = without_comments(memoryview(element.value), self.syntax)
            return Element(element.tag, element.vr, clean, fragments=True)
        if element.tag in LOOK_UP_TABLES and len(element.value) > MAX_LUT_BYTES:
            return self.fall_back(element, decision)
        if element.vr == decision.vr:
            return element
        return Element(element.tag, decision.vr, element.value, element.items)

    def remove(self, element: Element, decision: Decision) -> Element | None:
        """Nothing; the UIDs that go with it must be found nowhere."""
        if element.vr == "UI" or element.items:
            for uid in uids_of([element]):
                if not pseudonyms.is_registered(uid):
                    self.notes.replaced(uid, b"")
        return None

    def empty(self, element: Element, decision: Decision) -> Element | None:
        """The element without value."""
        return Element(element.tag, decision.vr, b"", [] if decision.vr == "SQ" else None)

    def dummy(self, element: Element, decision: Decision) -> Element | None:
        """The element with a value that says nothing; a sequence gets one empty item."""
        if decision.vr != "SQ":
            return Element(element.tag, decision.vr, dummy(decision.vr))
        items = dummy_items(element.tag)
        return None if items is None else Element(element.tag, "SQ", items=items)

    def refuse(self, element: Element, decision: Decision) -> Element | None:
        """Gives up on the file."""
        raise Refused("unreadable_element")

    def uid(self, element: Element, decision: Decision) -> Element | None:
        """Each UID replaced, but for those that the standard registers."""
        own = element.tag in _OBJECT_UIDS
        values = [self.new_uid(uid, own) for uid in element.values()]
        return Element(element.tag, "UI", pad(b"\\".join(values), "UI"))

    def new_uid(self, uid: bytes, always: bool) -> bytes:
        """The keyed UID for one value; an empty one stays empty."""
        if not uid or (not always and pseudonyms.is_registered(uid)):
            return uid
        new = self.made.uid(uid)
        if not pseudonyms.is_registered(uid):
            self.notes.replaced(uid, new)
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
        if decision.vr == "DA":
            return self.each(element, decision, self.moved)
        return self.each(element, decision, lambda value: dates.shifted_datetime(value, self.days))

    def moved(self, day: bytes) -> bytes | None:
        """A day moved back, in the form it had; None when it is none."""
        return self.made.date(day) if self.days else dates.shifted_date(day, 0)

    def time(self, element: Element, decision: Decision) -> Element | None:
        """A time stays: whole weeks do not touch it."""
        return self.each(element, decision, lambda value: value if dates.is_time(value) else None)

    def zone(self, element: Element, decision: Decision) -> Element | None:
        """An offset from UTC stays."""
        return self.each(element, decision, lambda value: value if dates.is_zone(value) else None)

    def age(self, element: Element, decision: Decision) -> Element | None:
        """An age stays, up to ninety years; beside unmoved dates it must not give away the day of birth."""
        return self.each(element, decision, dates.capped_age if self.days else dates.coarse_age)

    def pseudonym(self, element: Element, decision: Decision) -> Element | None:
        """The donor's pseudonym."""
        return Element(element.tag, decision.vr, pad(self.name, decision.vr))

    def site(self, element: Element, decision: Decision) -> Element | None:
        """A name that stands for the institution wherever it occurs in the domain."""
        return self.grouped(element, decision, "site")

    def device(self, element: Element, decision: Decision) -> Element | None:
        """A name that stands for the device, by the value and the attribute that names it."""
        return self.grouped(element, decision, f"device {element.tag:08X}")

    def grouped(self, element: Element, decision: Decision, kind: str) -> Element | None:
        """A keyed dummy for one value; none for an empty one."""
        value = b" ".join(element.text().split()).lower()
        text = self.made.group(kind, value) if value else b""
        return Element(element.tag, decision.vr, pad(text, decision.vr))

    def numbers(self, element: Element, decision: Decision) -> Element | None:
        """Binary numbers, if that is what they are."""
        short = len(element.value) <= MAX_PRIVATE_NUMBER_BYTES
        if short and element.items is None and are_numbers(element.value, decision.vr, self.little):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def header(self, element: Element, decision: Decision) -> Element | None:
        """A vendor's header in binary, made anew from the numbers in it."""
        rebuilt = rebuilt_header(element.value) if element.items is None else None
        return Element(element.tag, "OB", rebuilt) if rebuilt is not None else self.fall_back(element, decision)

    def icc(self, element: Element, decision: Decision) -> Element | None:
        """A colour profile without its texts."""
        clean = clean_icc(bytes(element.value)) if element.items is None else None
        return Element(element.tag, "OB", clean) if clean is not None else self.fall_back(element, decision)

    def charset(self, element: Element, decision: Decision) -> Element | None:
        """The character sets that the standard defines, as far as they are such."""
        values = element.values()
        kept = [value for value in values if terms.is_charset(value)]
        if len(kept) == len(values):
            return self.keep(element, decision)
        self.notes.warnings += 1
        return Element(element.tag, decision.vr, pad(b"\\".join(kept), decision.vr)) if any(kept) else None

"""What can be done to one element's value; nothing here knows where the element stands."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from .actions import Action
from .content.graphics import without_bitmap
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
from .texts.technical import clean_term, is_plain_code_string
from .texts.words import clean_text
from .values import dates, pseudonyms, terms
from .values.dummies import dummy
from .values.dummy_items import dummy_items
from .values.keys import SubjectKey
from .values.made import Made

# These three name this very object, so that they are replaced even where they hold a registered UID.
_OBJECT_UIDS = frozenset({0x00080018, 0x0020000D, 0x0020000E})


_LONGEST = {"SH": 16, "LO": 64}  # PS3.5 section 6.2, in characters
_LONG_TEXT = 1024


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
        self.group_key = group_key
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
                    self.notes.uids.setdefault(uid, b"")
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

    def shutter(self, element: Element, decision: Decision) -> Element | None:
        """A shutter's shapes, but for one that an overlay draws."""
        left = without_bitmap(element)
        return None if left is None else self.code_string(left, decision)

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
            self.notes.uids[uid] = new
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

    def checked(self, element: Element, decision: Decision, passes: Callable[[bytes], bool]) -> Element | None:
        """The element as it is if its value passes; an echo of the subject never does."""
        text = bytes(element.value)
        if not text or (passes(text) and not self.echoes.within(text)):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def code_string(self, element: Element, decision: Decision) -> Element | None:
        """Defined terms, if they have the form of terms; where one must be there, a dummy stands for those that go."""
        text = bytes(element.value)
        whole = terms.is_code_string(text)
        stays = [whole and self.is_defined(value, element.tag) for value in element.values()]
        # Of several values none may repeat anything, nor may all of them together.
        asked = element.tag in terms.STRUCTURAL or len(stays) == 1
        if whole and all(stays) and (asked or not self.echoes.within(text)):
            return self.keep(element, decision)
        if decision.fallback is not Action.DUMMY:
            return self.fall_back(element, decision)
        self.notes.warnings += 1
        kept = [value if self.is_defined(value, element.tag) else terms.MASK for value in element.values()]
        return Element(element.tag, decision.vr, pad(b"\\".join(kept), decision.vr))

    def is_defined(self, value: bytes, tag: int) -> bool:
        """Whether a value is a term that the standard defines, or may be one and repeats nobody's identity."""
        if tag in terms.STRUCTURAL and value.strip() in terms.CLOSED:
            return True
        return terms.is_code_string(value) and is_plain_code_string(value) and not self.echoes.within(value)

    def number(self, element: Element, decision: Decision) -> Element | None:
        """Numbers in text, if that is what they are, and none of the subject's."""
        text, echoes = bytes(element.value), self.echoes
        if terms.is_numeric(text) and not terms.tells_someone(text, decision.vr, echoes.words, echoes.dates):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def term(self, element: Element, decision: Decision) -> Element | None:
        """A technical term, if it is made of known words, names of products and short codes."""
        text = bytes(element.value)
        if not text or not terms.is_plain(text):
            return self.checked(element, decision, terms.is_plain)
        values = text.rstrip(b" \0").decode("ascii").split("\\")
        kept = [clean_term(value, element.tag) for value in values]
        whole = "\\".join(kept).encode("ascii")
        lost = any(value and not left for value, left in zip(values, kept, strict=True))
        if lost or any(map(self.echoes.within, {text, whole})):
            return self.fall_back(element, decision)
        return self.keep(element, decision) if kept == values else Element(element.tag, decision.vr, pad(whole, "LO"))

    def text(self, element: Element, decision: Decision) -> Element | None:
        """What is left of a free text: words and numbers that anyone writes of a picture."""
        if element.items is not None:
            return self.fall_back(element, decision)
        kept = clean_text(bytes(element.value), self.encodings, self.echoes, _LONGEST.get(decision.vr, _LONG_TEXT))
        if kept is None:
            return self.fall_back(element, decision)
        self.notes.texts.add((element.tag, kept))
        return Element(element.tag, decision.vr, pad(kept, decision.vr))

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

    def code(self, element: Element, decision: Decision) -> Element | None:
        """A code of a scheme that anyone can look up; of any other a keyed one, and nothing else."""
        text = bytes(element.value)
        if not text:
            return self.keep(element, decision)
        if self.code_around is None or element.items is not None:
            return self.fall_back(element, decision)
        if element.tag == codes.URN or not self.code_around.is_public:
            return self.local_code(element, decision, self.code_around)
        if element.tag == codes.MEANING:
            return self.meaning(element, decision, self.code_around)
        # Code values are numbers, some of which read as days.
        days = element.tag not in codes.VALUES
        if self.is_code(element, self.code_around) and not self.echoes.within(text, days):
            return self.keep(element, decision)
        return self.fall_back(element, decision)

    def local_code(self, element: Element, decision: Decision, code: codes.Code) -> Element | None:
        """What stands for a code that nobody else can look up: the same for all donors of the domain, under our scheme.

        PS3.3 section 8.2: a designator says whose a code is, a URN needs none, a version belongs to the scheme.
        """
        value = element.text().strip(b" \0")
        if element.tag == codes.URN:
            return Element(element.tag, "UR", pad(b"urn:oid:" + pseudonyms.keyed_uid(self.group_key, value), "UR"))
        if not code.value or element.tag == codes.MEANING:
            return self.fall_back(element, decision)
        if element.tag == codes.VERSION:
            return self.remove(element, decision)
        keyed = pseudonyms.local_code(self.group_key, code.scheme, value, is_long=element.tag == codes.LONG_VALUE)
        new = codes.OURS if element.tag == codes.SCHEME else keyed
        return Element(element.tag, decision.vr, pad(new, decision.vr))

    def is_code(self, element: Element, code: codes.Code) -> bool:
        """Whether an element has the form of the code, scheme or version that it should hold."""
        text = element.text().decode("ascii", "replace").strip(" \0")
        if element.tag in codes.VALUES:
            return codes.is_code(text, code.scheme)
        return text == code.scheme if element.tag == codes.SCHEME else codes.is_version(text)

    def meaning(self, element: Element, decision: Decision, code: codes.Code) -> Element | None:
        """A code's meaning, as the standard gives it or as far as it is made of known words."""
        text = bytes(element.value)
        plain = text.isascii() and terms.is_plain(text)
        if plain and codes.is_meaning(element.text().decode("ascii", "replace"), code) and not self.echoes.within(text):
            return self.keep(element, decision)
        return self.text(element, decision)

    def charset(self, element: Element, decision: Decision) -> Element | None:
        """The character sets that the standard defines, as far as they are such."""
        values = element.values()
        kept = [value for value in values if terms.is_charset(value)]
        if len(kept) == len(values):
            return self.keep(element, decision)
        self.notes.warnings += 1
        return Element(element.tag, decision.vr, pad(b"\\".join(kept), decision.vr)) if any(kept) else None

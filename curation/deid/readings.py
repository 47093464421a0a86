"""Deeds by which a value stays as far as it says nothing of anyone: terms, numbers, texts and codes."""

from collections.abc import Callable

from .actions import Action
from .content.graphics import without_bitmap
from .decide import Decision
from .deeds import Deeds
from .files.representations import pad
from .files.tree import Element
from .texts import codes
from .texts.technical import clean_term, is_plain_code_string
from .texts.words import clean_text
from .values import terms

_LONGEST = {"SH": 16, "LO": 64}  # PS3.5 section 6.2, in characters
_LONG_TEXT = 1024


class Readings(Deeds):
    """The deeds that read what a value says."""

    def shutter(self, element: Element, decision: Decision) -> Element | None:
        """A shutter's shapes, but for one that an overlay draws."""
        left = without_bitmap(element)
        return None if left is None else self.code_string(left, decision)

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
        self.notes.stays(element.tag, kept)
        return Element(element.tag, decision.vr, pad(kept, decision.vr))

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
            return Element(element.tag, "UR", pad(b"urn:oid:" + self.made.urn(value), "UR"))
        if not code.value or element.tag == codes.MEANING:
            return self.fall_back(element, decision)
        if element.tag == codes.VERSION:
            return self.remove(element, decision)
        keyed = self.made.code(code.scheme, value, is_long=element.tag == codes.LONG_VALUE)
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

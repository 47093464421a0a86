"""Turns a cleaned tree into a file: elements, file meta information, preamble of zeros (PS3.10 section 7.1)."""

from functools import lru_cache
from struct import Struct

from .representations import LONG, SHORT, pad
from .syntax import EXPLICIT_LITTLE, Encoding
from .tree import Dataset, Element, Value

# Ours, under the root that needs no registration (PS3.5 section B.2).
IMPLEMENTATION_UID = b"2.25.215706436294213650713471846218423915107"
IMPLEMENTATION_NAME = b"DONARA_1"
PREAMBLE = bytes(128) + b"DICM"
_OPEN = 0xFFFFFFFF
_STRUCTS = {
    True: (Struct("<HH2sH"), Struct("<HH2sHL"), Struct("<HHL")),
    False: (Struct(">HH2sH"), Struct(">HH2sHL"), Struct(">HHL")),
}
_LONG_NAMES = {vr: vr.encode() for vr in LONG}
_SHORT_NAMES = {vr: vr.encode() for vr in SHORT}


class Writer:
    """Collects the pieces of a file in one encoding; values are joined once, at the end."""

    def __init__(self, encoding: Encoding) -> None:
        self.explicit = encoding.explicit
        self.short, self.long, self.plain = _STRUCTS[encoding.little]

    def header(self, tag: int, vr: str, length: int) -> bytes:
        """An element's header; text too long for a short length is written as UN (PS3.5 section 6.2.2)."""
        group, number = tag >> 16, tag & 0xFFFF
        if not self.explicit:
            return self.plain.pack(group, number, length)
        name = _SHORT_NAMES.get(vr)
        if name is None:
            return self.long.pack(group, number, _LONG_NAMES[vr], 0, length)
        if length > 0xFFFF:
            return self.long.pack(group, number, b"UN", 0, length)
        return self.short.pack(group, number, name, length)

    def dataset(self, elements: Dataset, pieces: list[Value]) -> int:
        """Appends the elements' bytes; says how many there are."""
        total = 0
        for element in elements:
            if element.items is not None:
                total += self.sequence(element, pieces)
            elif element.fragments:
                total += self.pixels(element, pieces)
            else:
                value, length = element.value, len(element.value)
                if length & 1:
                    value, length = pad(bytes(value), element.vr), length + 1
                head = self.header(element.tag, element.vr, length)
                pieces += (head, value)
                total += len(head) + length
        return total

    def element(self, element: Element) -> bytes:
        """The bytes of an element that is neither a sequence nor in fragments."""
        value = bytes(element.value)
        if len(value) & 1:
            value = pad(value, element.vr)
        return self.header(element.tag, element.vr, len(value)) + value

    def sequence(self, element: Element, pieces: list[Value]) -> int:
        """A sequence and its items, all with their lengths."""
        inner: list[Value] = []
        length = sum(self.item(item, inner) for item in element.items or ())
        head = self.header(element.tag, "SQ", length)
        pieces.append(head)
        pieces += inner
        return len(head) + length

    def item(self, item: Dataset, pieces: list[Value]) -> int:
        """One item of a sequence with its length; says how many bytes it has."""
        content: list[Value] = []
        size = self.dataset(item, content)
        pieces.append(self.plain.pack(0xFFFE, 0xE000, size))
        pieces += content
        return 8 + size

    def pixels(self, element: Element, pieces: list[Value]) -> int:
        """Encapsulated pixel data with its final delimiter."""
        head = self.header(element.tag, element.vr, _OPEN)
        end = self.plain.pack(0xFFFE, 0xE0DD, 0)
        pieces += (head, element.value, end)
        return len(head) + len(element.value) + len(end)


def file_meta(sop_class: bytes, sop_instance: bytes, transfer_syntax: str) -> bytes:
    """Preamble of zeros and group 0002, made anew: it names no application and no person."""
    before, after = _meta_around(sop_class, len(pad(sop_instance, "UI")), transfer_syntax)
    return before + pad(sop_instance, "UI") + after


@lru_cache(maxsize=256)
def _meta_around(sop_class: bytes, length: int, transfer_syntax: str) -> tuple[bytes, bytes]:
    """What stands before and after the object's UID, which has that length."""
    own = Element(0x00020003, "UI", bytes(length))
    content: list[Value] = []
    total = Writer(EXPLICIT_LITTLE).dataset(
        [
            Element(0x00020001, "OB", b"\0\1"),
            Element(0x00020002, "UI", pad(sop_class, "UI")),
            own,
            Element(0x00020010, "UI", pad(transfer_syntax.encode(), "UI")),
            Element(0x00020012, "UI", pad(IMPLEMENTATION_UID, "UI")),
            Element(0x00020013, "SH", IMPLEMENTATION_NAME),
        ],
        content,
    )
    start: list[Value] = [PREAMBLE]
    Writer(EXPLICIT_LITTLE).dataset([Element(0x00020000, "UL", total.to_bytes(4, "little"))], start)
    slot = next(index for index, value in enumerate(content) if value is own.value)
    return b"".join([*start, *content[:slot]]), b"".join(content[slot + 1 :])

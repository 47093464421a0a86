"""Turns a cleaned tree into a file: elements, file meta information, preamble of zeros (PS3.10 section 7.1)."""

from struct import Struct

from .representations import LONG, pad
from .syntax import ENCODINGS, EXPLICIT_LITTLE, Encoding
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
_NAMES = {vr: vr.encode() for vr in LONG}


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
        if vr in LONG:
            return self.long.pack(group, number, _NAMES[vr], 0, length)
        if length > 0xFFFF:
            return self.long.pack(group, number, b"UN", 0, length)
        return self.short.pack(group, number, vr.encode(), length)

    def dataset(self, elements: Dataset, pieces: list[Value]) -> int:
        """Appends the elements' bytes; says how many there are."""
        total = 0
        for element in elements:
            if element.items is not None:
                total += self.sequence(element, pieces)
            elif element.fragments:
                total += self.pixels(element, pieces)
            else:
                value = element.value
                if len(value) & 1:
                    value = pad(bytes(value), element.vr)
                head = self.header(element.tag, element.vr, len(value))
                pieces += (head, value)
                total += len(head) + len(value)
        return total

    def sequence(self, element: Element, pieces: list[Value]) -> int:
        """A sequence and its items, all with their lengths."""
        inner: list[Value] = []
        length = 0
        for item in element.items or ():
            content: list[Value] = []
            size = self.dataset(item, content)
            inner.append(self.plain.pack(0xFFFE, 0xE000, size))
            inner += content
            length += 8 + size
        head = self.header(element.tag, "SQ", length)
        pieces.append(head)
        pieces += inner
        return len(head) + length

    def pixels(self, element: Element, pieces: list[Value]) -> int:
        """Encapsulated pixel data with its final delimiter."""
        head = self.header(element.tag, element.vr, _OPEN)
        end = self.plain.pack(0xFFFE, 0xE0DD, 0)
        pieces += (head, element.value, end)
        return len(head) + len(element.value) + len(end)


def file_meta(sop_class: bytes, sop_instance: bytes, transfer_syntax: str) -> list[Value]:
    """Group 0002, made anew: it names no application and no person."""
    uid = [
        Element(0x00020002, "UI", pad(sop_class, "UI")),
        Element(0x00020003, "UI", pad(sop_instance, "UI")),
        Element(0x00020010, "UI", pad(transfer_syntax.encode(), "UI")),
        Element(0x00020012, "UI", pad(IMPLEMENTATION_UID, "UI")),
    ]
    content: list[Value] = []
    writer = Writer(EXPLICIT_LITTLE)
    name = Element(0x00020013, "SH", IMPLEMENTATION_NAME)
    length = writer.dataset([Element(0x00020001, "OB", b"\0\1"), *uid, name], content)
    start: list[Value] = []
    writer.dataset([Element(0x00020000, "UL", length.to_bytes(4, "little"))], start)
    return start + content


def write_file(dataset: Dataset, sop_class: bytes, sop_instance: bytes, transfer_syntax: str) -> bytes:
    """The whole file as bytes."""
    pieces: list[Value] = [PREAMBLE, *file_meta(sop_class, sop_instance, transfer_syntax)]
    Writer(ENCODINGS[transfer_syntax]).dataset(dataset, pieces)
    return b"".join(pieces)

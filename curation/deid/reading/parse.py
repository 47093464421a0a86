"""Reads a data set's bytes into a tree without copying values, within limits; what does not fit is refused."""

from struct import Struct

from ..files.buffers import Buffer, let_go
from ..files.representations import BULK, KNOWN, LONG, TEXT, implicit_vr
from ..files.syntax import IMPLICIT_LITTLE, Encoding
from ..files.tree import Dataset, Element
from ..limits import MAX_DEPTH, MAX_ELEMENTS
from ..private.safe import Creators, creator_of, is_creator, private_vr
from ..reasons import Refused

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
FIRST_PIXELS = 0x7FE00008
PIXEL_TAGS = frozenset({FIRST_PIXELS, 0x7FE00009, PIXEL_DATA})
# Group and element, VR (none in Implicit VR) and length, by (explicit, little); the same of items; a long length alone.
_HEAD = {
    (True, True): Struct("<HH2sH").unpack_from,
    (False, True): Struct("<HH0sL").unpack_from,
    (True, False): Struct(">HH2sH").unpack_from,
}
_ITEM = {True: Struct("<HHL").unpack_from, False: Struct(">HHL").unpack_from}
_LONG = {True: Struct("<L").unpack_from, False: Struct(">L").unpack_from}
_OBJECT = frozenset({0x00080016, 0x00080018})
_LOOKED_AT = 1 << 20
# So much of a mapped file is passed before it leaves memory again.
_HELD = 64 << 20


class Parser:
    """Reads one file's data set; counts what it meets and refuses beyond the limits.

    `bulk_spans`: (tag, start, end) of each root element with a binary VR. `warnings`: what was read in another way
    than the standard would have it.
    """

    def __init__(self, data: Buffer | memoryview, stop: int = UNDEFINED) -> None:
        """`stop`: the first root tag that is not read any more (for reading headers only)."""
        self.data = data
        self.view = memoryview(data)
        self.left = MAX_ELEMENTS
        self.warnings = 0
        self.stop = stop
        self.bulk_spans: list[tuple[int, int, int]] = []

    def root(self, start: int, encoding: Encoding) -> Dataset:
        """The whole data set from `start`; raises Refused."""
        return self.dataset(start, len(self.data), encoding, 0, False)[0]

    def spend(self) -> None:
        """Counts one element, item or fragment."""
        self.left -= 1
        if self.left < 0:
            raise Refused("too_many_elements")

    def dataset(self, at: int, end: int, encoding: Encoding, depth: int, open_end: bool) -> tuple[Dataset, int]:
        """Elements up to `end`, or to the item delimiter where the length is open; and where it ended."""
        if depth > MAX_DEPTH:
            raise Refused("too_deep")
        found: Dataset = []
        creators: Creators = {}
        data, last, head = self.data, -1, _HEAD[encoding]
        while at < end:
            if end - at < 8:
                return found, self.padding(at, end, depth)
            group, number, name, length = head(data, at)
            tag = group << 16 | number
            if group == 0xFFFE:
                return found, self.delimiter(tag, at + 8, open_end, not depth and at + 8 == end)
            if not depth and (tag >= self.stop or (not tag and found)):
                return found, at if tag >= self.stop else self.padding(at, end, depth)
            if tag <= last:
                self.disordered(tag, last, found, depth)
            element, after = self.element((tag, name, length), at, end, encoding, depth, creators)
            if not depth and element.vr in BULK:
                self.bulk_spans.append((tag, at, after))
            found.append(element)
            at, last = after, tag
        if open_end:
            raise Refused("truncated")
        return found, at

    def delimiter(self, tag: int, after: int, open_end: bool, at_end: bool) -> int:
        """Where an item ends; one delimiter too many at the very end, which some writers add, is counted."""
        if tag == ITEM_END and open_end:
            return after
        if tag != SEQUENCE_END or not at_end:
            raise Refused("malformed")
        self.warnings += 1
        return after

    def disordered(self, tag: int, last: int, found: Dataset, depth: int) -> None:
        """Counts an element in a wrong place; refuses what can only be a second data set behind the first."""
        self.warnings += 1
        if depth:
            return
        again = tag in _OBJECT and tag != last and any(element.tag == tag for element in found)
        if again or tag >> 16 == 0x0002 or last >= FIRST_PIXELS:
            raise Refused("malformed")

    def padding(self, at: int, end: int, depth: int) -> int:
        """Skips zeros after the last element, which some archives add; refuses anything else."""
        rest = self.view[at:end]
        pieces = (rest[start : start + _LOOKED_AT] for start in range(0, len(rest), _LOOKED_AT))
        if depth or any(piece != bytes(len(piece)) for piece in pieces):
            raise Refused("truncated" if end - at < 8 else "malformed")
        self.warnings += 1
        return end

    def element(
        self, head: tuple[int, bytes, int], at: int, end: int, encoding: Encoding, depth: int, creators: Creators
    ) -> tuple[Element, int]:
        """One element and where the next begins; a private creator is remembered for the elements of its block."""
        self.left -= 1
        if self.left < 0:
            raise Refused("too_many_elements")
        tag, name, length = head
        start = at + 8
        vr = KNOWN.get(name, "") if name else implicit_vr(tag)
        if name and vr in LONG:
            length, start = self.long_length(at, end, encoding), at + 12
        if not vr:
            raise Refused("malformed")
        if length == UNDEFINED:
            return self.open_element(tag, vr, start, end, encoding, depth)
        after = start + length
        if after > end:
            raise Refused("truncated")
        if vr == "UN":
            return self.decoded(tag, start, after, encoding, depth, creators), after
        if vr == "SQ":
            return self.sequence(tag, start, after, encoding, depth), after
        element = Element(tag, vr, self.view[start:after])
        if tag & 0x1FF00 == 0x10000:
            reserve(element, creators)
        return element, after

    def long_length(self, at: int, end: int, encoding: Encoding) -> int:
        """The length that stands behind a VR and two bytes in reserve."""
        if end - at < 12:
            raise Refused("truncated")
        length: int = _LONG[encoding.little](self.data, at + 8)[0]
        return length

    def open_element(
        self, tag: int, vr: str, start: int, end: int, encoding: Encoding, depth: int
    ) -> tuple[Element, int]:
        """An element of undefined length: encapsulated pixels, a sequence, or UN that is one (PS3.5 section 6.2.2)."""
        if tag == PIXEL_DATA and vr in ("OB", "OW", "UN"):
            stop = self.fragments(start, end, encoding)
            return Element(tag, "OB", self.view[start:stop], fragments=True), stop + 8
        if vr not in ("SQ", "UN") and encoding.explicit:
            raise Refused("malformed")
        inner = IMPLICIT_LITTLE if vr == "UN" else encoding
        items, after = self.items(start, end, inner, depth, True)
        return Element(tag, "SQ", items=items), after

    def items(self, at: int, end: int, encoding: Encoding, depth: int, open_end: bool) -> tuple[list[Dataset], int]:
        """The items of a sequence and where it ended."""
        found: list[Dataset] = []
        head = _ITEM[encoding.little]
        while at < end:
            if end - at < 8:
                raise Refused("truncated")
            self.spend()
            group, number, length = head(self.data, at)
            tag, at = group << 16 | number, at + 8
            if tag == SEQUENCE_END and open_end:
                return found, at
            if tag != ITEM:
                raise Refused("malformed")
            open_item = length == UNDEFINED
            stop = end if open_item else at + length
            if stop > end:
                raise Refused("truncated")
            item, at = self.dataset(at, stop, encoding, depth + 1, open_item)
            found.append(item)
        if open_end:
            raise Refused("truncated")
        return found, at

    def fragments(self, at: int, end: int, encoding: Encoding) -> int:
        """Where the delimiter after encapsulated pixel data stands (PS3.5 section A.4)."""
        head = _ITEM[encoding.little]
        held = at
        while end - at >= 8:
            self.spend()
            if at - held > _HELD:  # looking at a fragment's header brings in what stands around it
                let_go(self.data)
                held = at
            group, number, length = head(self.data, at)
            tag = group << 16 | number
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM:
                raise Refused("malformed")
            at += 8 + length
        raise Refused("truncated")

    def decoded(self, tag: int, start: int, end: int, encoding: Encoding, depth: int, creators: Creators) -> Element:
        """An element without a VR of its own, read by the public dictionary or that of its private creator.

        It stays UN where neither or the bytes allow more.
        """
        vr = private_or_public_vr(tag, creators)
        if vr == "SQ":
            return self.sequence(tag, start, end, IMPLICIT_LITTLE if encoding.explicit else encoding, depth)
        element = Element(tag, vr if encoding.little or vr in TEXT else "UN", self.view[start:end])
        if tag & 0x1FF00 == 0x10000:
            reserve(element, creators)
        return element

    def sequence(self, tag: int, start: int, end: int, encoding: Encoding, depth: int) -> Element:
        """A sequence whose length is given, so that one that cannot be read is UN and spoils nothing behind it."""
        try:
            return Element(tag, "SQ", items=self.items(start, end, encoding, depth, False)[0])
        except Refused as refused:
            if refused.reason in ("too_deep", "too_many_elements"):
                raise
            self.warnings += 1
            return Element(tag, "UN", self.view[start:end])


def reserve(element: Element, creators: Creators) -> None:
    """Remembers the creator that an element of an odd group below (gggg,0100) names."""
    if is_creator(element.tag):
        creators[element.tag >> 16 << 8 | element.tag & 0xFF] = creator_of(element)


def private_or_public_vr(tag: int, creators: Creators) -> str:
    """The VR of an element that does not say its own; UN where it, or its creator up to here, is not known."""
    if not tag & 0x10000:
        return implicit_vr(tag)
    return "LO" if is_creator(tag) else private_vr(creators.get(tag >> 8, ""), tag)

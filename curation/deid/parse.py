"""Reads a data set's bytes into a tree without copying values, within limits; what does not fit is refused."""

from struct import Struct

from .limits import MAX_DEPTH, MAX_ELEMENTS
from .reasons import Refused
from .representations import BULK, KNOWN, LONG, TEXT, dictionary_vrs, implicit_vr
from .syntax import IMPLICIT_LITTLE, Encoding
from .tree import Dataset, Element

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, PIXEL_DATA})
_UNPACK = {
    True: (Struct("<HH"), Struct("<H"), Struct("<L")),
    False: (Struct(">HH"), Struct(">H"), Struct(">L")),
}


class Parser:
    """Reads one file's data set; counts what it meets and refuses beyond the limits.

    `bulk_spans`: (tag, start, end) of each root element with a binary VR.
    """

    def __init__(self, data: bytes, stop: int = UNDEFINED) -> None:
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
        pair = _UNPACK[encoding.little][0].unpack_from
        while at < end:
            if end - at < 8:
                return found, self.padding(at, end, depth)
            group, number = pair(self.data, at)
            tag = group << 16 | number
            if group == 0xFFFE:
                if tag == ITEM_END and open_end:
                    return found, at + 8
                raise Refused("malformed")
            if tag == 0 and depth == 0:
                return found, self.padding(at, end, depth)
            if depth == 0 and tag >= self.stop:
                return found, at
            element, after = self.element(tag, at, end, encoding, depth)
            if depth == 0 and element.vr in BULK:
                self.bulk_spans.append((tag, at, after))
            found.append(element)
            at = after
        if open_end:
            raise Refused("truncated")
        return found, at

    def padding(self, at: int, end: int, depth: int) -> int:
        """Skips zeros after the last element, which some archives add; refuses anything else."""
        if depth or self.data.count(0, at, end) != end - at:
            raise Refused("truncated" if end - at < 8 else "malformed")
        self.warnings += 1
        return end

    def header(self, tag: int, at: int, end: int, encoding: Encoding) -> tuple[str, int, int]:
        """VR, length and the start of the value."""
        _, short, long = _UNPACK[encoding.little]
        if not encoding.explicit:
            return implicit_vr(tag), long.unpack_from(self.data, at + 4)[0], at + 8
        vr = KNOWN.get(self.data[at + 4 : at + 6])
        if vr is None:
            raise Refused("malformed")
        if vr not in LONG:
            return vr, short.unpack_from(self.data, at + 6)[0], at + 8
        if end - at < 12:
            raise Refused("truncated")
        return vr, long.unpack_from(self.data, at + 8)[0], at + 12

    def element(self, tag: int, at: int, end: int, encoding: Encoding, depth: int) -> tuple[Element, int]:
        """One element and where the next begins."""
        self.spend()
        vr, length, start = self.header(tag, at, end, encoding)
        if length == UNDEFINED:
            return self.open_element(tag, vr, start, end, encoding, depth)
        after = start + length
        if after > end:
            raise Refused("truncated")
        if vr == "SQ":
            return Element(tag, vr, items=self.items(start, after, encoding, depth, False)[0]), after
        if vr == "UN":
            return self.decoded(tag, start, after, encoding, depth), after
        return Element(tag, vr, self.view[start:after]), after

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
        pair, _, long = _UNPACK[encoding.little]
        while at < end:
            if end - at < 8:
                raise Refused("truncated")
            self.spend()
            group, number = pair.unpack_from(self.data, at)
            length = long.unpack_from(self.data, at + 4)[0]
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
        pair, _, long = _UNPACK[encoding.little]
        while end - at >= 8:
            self.spend()
            group, number = pair.unpack_from(self.data, at)
            tag = group << 16 | number
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM:
                raise Refused("malformed")
            at += 8 + long.unpack_from(self.data, at + 4)[0]
        raise Refused("truncated")

    def decoded(self, tag: int, start: int, end: int, encoding: Encoding, depth: int) -> Element:
        """A UN element read by the dictionary; it stays UN where the dictionary or the bytes do not allow more."""
        vrs = dictionary_vrs(tag)
        value = self.view[start:end]
        if not vrs or tag >> 16 & 1:
            return Element(tag, "UN", value)
        if vrs[0] == "SQ" and encoding.little:
            try:
                return Element(tag, "SQ", items=self.items(start, end, IMPLICIT_LITTLE, depth, False)[0])
            except Refused as refused:
                if refused.reason in ("too_deep", "too_many_elements"):
                    raise
                self.warnings += 1
                return Element(tag, "UN", value)
        if vrs[0] in TEXT or (encoding.little and vrs[0] != "SQ"):
            return Element(tag, implicit_vr(tag), value)
        return Element(tag, "UN", value)

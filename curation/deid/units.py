"""Cuts a data set's bytes into its root elements without reading values, and knows again what it met before.

The files of a series repeat nearly all of their header byte for byte. So each root element is a `Unit`, known by its
raw bytes, and a unit remembers which one followed it last: where the same bytes follow again, nothing is parsed. The
private elements of one group make one unit, since their meaning hangs on the creators that stand before them.
"""

from collections.abc import Iterator
from mmap import mmap
from struct import Struct
from typing import TYPE_CHECKING

from .facts import NOTHING
from .limits import MAX_DEPTH, MAX_ELEMENTS, MAX_UNIT_BYTES, MAX_UNITS
from .parse import ITEM, ITEM_END, PIXEL_TAGS, SEQUENCE_END, UNDEFINED, Parser
from .pixels import JUDGED
from .reasons import Refused
from .representations import KNOWN, LONG
from .syntax import Encoding
from .tree import Dataset

if TYPE_CHECKING:
    from .context import Context, Outcome

Buffer = bytes | mmap
# Their items, one a frame, say nothing about each other (PS3.3 section C.7.6.16): tens of thousands in one object.
FUNCTIONAL_GROUPS = frozenset({0x52009229, 0x52009230})
_EXPLICIT, _IMPLICIT, _LENGTH = Struct("<HH2sH").unpack_from, Struct("<HHL").unpack_from, Struct("<L").unpack_from
_LONG = frozenset(vr.encode() for vr in LONG)
_OPEN = frozenset({b"SQ", b"UN", b"OB", b"OW"})


class Irregular(Exception):
    """A data set that is not laid out as the standard says; the slower reader decides about it."""


class Unit:
    """A root element, or the private elements of one group: raw bytes, and the elements read from them.

    `following`: the unit that came next when this one was last met. `outcome`: what it was cleaned to in `context`.
    `facts`: what it says about the subject; `mark`: a number for those of them that identify, 0 for none.
    """

    __slots__ = ("by_items", "context", "count", "elements", "facts", "following", "judged", "last", "mark", "outcome")
    __slots__ += ("raw", "size", "tag")

    def __init__(self, tag: int, raw: bytes | memoryview, elements: Dataset, count: int) -> None:
        self.tag = tag
        # Nothing more of a private group may follow its unit.
        self.last = tag | 0xFFFF if tag >> 16 & 1 else tag
        self.by_items = False
        self.judged = tag in JUDGED or tag >> 24 == 0x60
        self.raw = raw
        self.size = len(raw)
        self.elements = elements
        self.count = count
        self.following: Unit | None = None
        self.outcome: Outcome | None = None
        self.context: Context | None = None
        self.mark: int | None = None
        self.facts = NOTHING


class Units:
    """The units met so far in one encoding (little endian), within bounds."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.known: dict[bytes, Unit] = {}
        self.bytes = 0
        self.first = Unit(-2, b"", [], 0)

    def read(self, data: Buffer, at: int) -> list[Unit]:
        """The units of a data set, in order; raises Irregular, and Refused beyond the limits."""
        found: list[Unit] = []
        end, last, previous, count = len(data), -1, self.first, 0
        while at < end:
            unit = previous.following
            if unit is None or data[at : at + unit.size] != unit.raw:
                unit = previous.following = self._met(data, at, end)
                if unit.size > MAX_UNIT_BYTES or unit.tag in PIXEL_TAGS:
                    previous.following = None
            if unit.tag <= last:
                raise Irregular
            found.append(unit)
            count += unit.count
            last, at, previous = unit.last, at + unit.size, unit
        if count > MAX_ELEMENTS:
            raise Refused("too_many_elements")
        return found

    def _met(self, data: Buffer, at: int, end: int) -> Unit:
        tag, after = self.span(data, at, end, 0)
        if tag >> 16 & 1:
            while after < end:
                following, stop = self.span(data, after, end, 0)
                if following >> 16 != tag >> 16:
                    break
                after = stop
        if after - at > MAX_UNIT_BYTES and tag in FUNCTIONAL_GROUPS:
            unit = Unit(tag, memoryview(data)[at:after], [], 0)
            unit.by_items = True
            return unit
        if tag in PIXEL_TAGS or after - at > MAX_UNIT_BYTES:
            return self._unit(tag, data, at, after)
        raw = bytes(data[at:after])
        unit = self.known.get(raw)
        if unit is None:
            unit = self._unit(tag, raw, 0, len(raw))
            self._remember(unit, raw)
        return unit

    def _unit(self, tag: int, data: Buffer, at: int, after: int) -> Unit:
        """A unit with its elements read; raises Irregular where the careful reader would not agree."""
        parser = Parser(data)
        elements, stop = parser.dataset(at, after, self.encoding, 0, False)
        if stop != after or parser.warnings:
            raise Irregular
        return Unit(tag, memoryview(data)[at:after], elements, MAX_ELEMENTS - parser.left)

    def _remember(self, unit: Unit, raw: bytes) -> None:
        if len(self.known) >= MAX_UNITS or self.bytes > 64 * MAX_UNIT_BYTES:
            self.known.clear()
            self.bytes = 0
        unit.raw = raw
        self.known[raw] = unit
        self.bytes += unit.size

    def span(self, data: Buffer, at: int, end: int, depth: int) -> tuple[int, int]:
        """Tag of the element at `at`, and where the next begins; raises Irregular where it does not fit."""
        if end - at < 8:
            raise Irregular
        if self.encoding.explicit:
            group, number, name, length = _EXPLICIT(data, at)
            start = at + 8
            if name in _LONG:
                if end - at < 12:
                    raise Irregular
                length, start = _LENGTH(data, at + 8)[0], at + 12
            elif name not in KNOWN:
                raise Irregular
        else:
            group, number, length = _IMPLICIT(data, at)
            name, start = b"", at + 8
        tag = group << 16 | number
        if group == 0xFFFE or tag == 0:
            raise Irregular
        if length == UNDEFINED:
            if self.encoding.explicit and name not in _OPEN:
                raise Irregular
            encoded = Units(Encoding(False, True)) if name == b"UN" else self
            return tag, encoded.closed(data, start, end, depth, tag in PIXEL_TAGS)
        if start + length > end:
            raise Irregular
        return tag, start + length

    def closed(self, data: Buffer, at: int, end: int, depth: int, fragments: bool) -> int:
        """Where a sequence (or the fragments) of undefined length ends, after its delimiter."""
        if depth > MAX_DEPTH:
            raise Refused("too_deep")
        while end - at >= 8:
            group, number, length = _IMPLICIT(data, at)
            tag, at = group << 16 | number, at + 8
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM:
                raise Irregular
            if length != UNDEFINED:
                at += length
            elif fragments:
                raise Irregular
            else:
                at = self._item_end(data, at, end, depth)
        raise Irregular

    def _item_end(self, data: Buffer, at: int, end: int, depth: int) -> int:
        while end - at >= 8:
            group, number, _ = _IMPLICIT(data, at)
            if group << 16 | number == ITEM_END:
                return at + 8
            at = self.span(data, at, end, depth + 1)[1]
        raise Irregular

    def items(self, data: Buffer, at: int, end: int, open_end: bool) -> Iterator[tuple[int, int]]:
        """Where each item of a sequence stands, header and delimiter included; raises Irregular."""
        while end - at >= 8:
            group, number, length = _IMPLICIT(data, at)
            tag = group << 16 | number
            if tag == SEQUENCE_END and open_end:
                return
            if tag != ITEM:
                raise Irregular
            after = self._item_end(data, at + 8, end, 0) if length == UNDEFINED else at + 8 + length
            if after > end:
                raise Irregular
            yield at, after
            at = after
        if open_end or at != end:
            raise Irregular

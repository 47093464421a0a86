"""Cuts a data set's bytes into its root elements without reading values, and knows again what it met before.

The files of a series repeat nearly all of their header byte for byte. So each root element is a `Unit`, known by its
raw bytes, and it is remembered which one followed each tag last: where the same bytes follow again, nothing is parsed.
Units that followed each other in two files are one from then on. The private elements of one group make one unit, since
their meaning hangs on the creators that stand before them.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from struct import Struct

from .files.buffers import Buffer, let_go
from .files.representations import KNOWN, LONG, SHORT, implicit_vr
from .files.syntax import Encoding
from .files.tree import Dataset, Element
from .limits import MAX_DEPTH, MAX_ELEMENTS, MAX_UNIT_BYTES, MAX_UNITS
from .outcome import Outcome
from .pictures.pixels import JUDGED
from .reading.parse import ITEM, ITEM_END, PIXEL_TAGS, SEQUENCE_END, UNDEFINED, Parser
from .reasons import Refused
from .texts.facts import NOTHING, SILENT

CHARSET = 0x00080005
# Their items, one a frame, say nothing about each other (PS3.3 section C.7.6.16): tens of thousands in one object.
FUNCTIONAL_GROUPS = frozenset({0x52009229, 0x52009230})
_EXPLICIT, _IMPLICIT, _LENGTH = Struct("<HH2sH").unpack_from, Struct("<HHL").unpack_from, Struct("<L").unpack_from
# Root elements that the engine writes itself: name and number of the patient, and what was done.
WRITTEN = (0x00100010, 0x00100020, 0x00120062, 0x00120063, 0x00120064, 0x00280303)
# After so many files of which nothing more could be joined nothing is tried, until so many units are new again.
_CALM = 12
# So many values of one element are remembered: echoes, phases and directions that take turns.
_VALUES = 8
# So many bytes are walked through before what was read of a mapped file is given back.
_WALKED = 16 << 20
_LONG = frozenset(vr.encode() for vr in LONG)
_OPEN_END = b"\xff" * 4
_OPEN = frozenset({b"SQ", b"UN", b"OB", b"OW"})


class Irregular(Exception):
    """A data set that is not laid out as the standard says; the slower reader decides about it."""


class Unit:
    """A root element, the private elements of one group, or several of these: raw bytes, and the elements read.

    `outcome`: what it was last cleaned to. `parts`: the units that it was put together from.
    `facts`: what it says about the subject; `mark`: a number for those of them that identify, 0 for none.
    """

    __slots__ = (
        *("alone", "by_items", "count", "elements", "facts", "judged", "last", "mark", "outcome", "parts", "raw"),
        *("size", "tag"),
    )

    def __init__(self, tag: int, raw: bytes | memoryview, elements: Dataset, count: int) -> None:
        self.tag = tag
        # Nothing more of a private group may follow its unit.
        self.last = tag | 0xFFFF if tag & 0x10000 else tag
        self.by_items = False
        #: The one element of a unit that holds no more, and no sequence.
        self.alone: Element | None = None
        #: Those elements on which it depends whether the object may be cleaned.
        self.judged: Sequence[Element] = [e for e in elements if e.tag in JUDGED or e.tag >> 24 == 0x60] or ()
        self.raw = raw
        self.size = len(raw)
        self.elements = elements
        self.count = count
        self.outcome: Outcome | None = None
        self.parts: Sequence[Unit] = ()
        self.mark: int | None = None
        self.facts = NOTHING


def _alone(tag: int, vr: str, raw: bytes) -> Unit:
    """The unit of one element without items, whose header has eight bytes."""
    element = Element(tag, vr, raw[8:])
    unit = Unit(tag, raw, [element], 1)
    unit.alone = element
    if vr in SILENT:
        unit.mark = 0
    return unit


def charset_of(data: Buffer, at: int, encoding: Encoding) -> bytes:
    """The root element that names the character set, as it is written; empty where there is none. Raises Irregular."""
    units = Units(encoding)
    while at < len(data):
        tag, after = units.span(data, at, len(data), 0)
        if tag >= CHARSET:
            return bytes(data[at:after]) if tag == CHARSET else b""
        at = after
    return b""


def _may_join(run: list[Unit], other: Unit) -> bool:
    """Whether no element that the engine itself may write belongs between a run's first unit and what follows."""
    size = other.size + sum(unit.size for unit in run)
    return size < MAX_UNIT_BYTES // 8 and not any(run[0].tag < tag < other.tag for tag in WRITTEN)


class Units:
    """The units met so far in one encoding (little endian), within bounds."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.known: dict[bytes, Unit] = {}
        self._recent: dict[int, deque[bytes]] = {}
        self.following: dict[int, Unit] = {}
        #: Which unit followed which in the file before, both by their ids.
        self._before: dict[int, int] = {}
        self._calm = 0

    def read(self, data: Buffer, at: int) -> list[Unit]:
        """The units of a data set, in order; raises Irregular, and Refused beyond the limits."""
        found: list[Unit] = []
        following = self.following
        end, last, count, met = len(data), -1, 0, 0
        while at < end:
            guess = following.get(last)
            if guess is not None and data[at : at + guess.size] == guess.raw:
                unit = guess
            else:
                unit = self._met(data, at, end)
                met += 1
                if unit.size <= MAX_UNIT_BYTES and unit.tag not in PIXEL_TAGS:
                    following[last] = unit
            if unit.tag <= last:
                raise Irregular
            found.append(unit)
            count += unit.count
            last, at = unit.last, at + unit.size
        if count > MAX_ELEMENTS:
            raise Refused("too_many_elements")
        if self._calm < _CALM or met > _CALM:
            self._calm = 0 if self._join(found) or met > _CALM else self._calm + 1
        return found

    def _join(self, found: list[Unit]) -> bool:
        """Makes one unit of those that followed each other in the file before too; whether there were any."""
        runs: list[list[Unit]] = []
        ids = [id(unit) for unit in found]
        before, self._before = self._before, dict(pairwise(ids))
        for one, other in pairwise(found):
            if before.get(id(one)) != id(other) or one.raw not in self.known or other.raw not in self.known:
                continue
            if runs and runs[-1][-1] is one and _may_join(runs[-1], other):
                runs[-1].append(other)
            elif _may_join([one], other) and not (runs and runs[-1][-1] is one):
                runs.append([one, other])
        lasts = {id(other): one.last for one, other in pairwise(found)} if runs else {}
        for run in runs:
            raw = b"".join(unit.raw for unit in run)
            joined = Unit(run[0].tag, raw, [e for u in run for e in u.elements], 0)
            joined.last, joined.count, joined.parts = run[-1].last, sum(unit.count for unit in run), run
            self.following[lasts.get(id(run[0]), -1)] = joined
            self._remember(joined, raw)
        return bool(runs)

    def _met(self, data: Buffer, at: int, end: int) -> Unit:
        tag, after = self.span(data, at, end, 0)
        if tag & 0x10000:
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
        raw = data[at:after]
        known = self.known.get(raw)
        if known is None:
            known = self._unit(tag, raw, 0, len(raw))
            self._remember(known, raw)
        return known

    def _unit(self, tag: int, data: Buffer, at: int, after: int) -> Unit:
        """A unit with its elements read; raises Irregular where the careful reader would not agree."""
        vr = KNOWN.get(data[at + 4 : at + 6], "") if self.encoding.explicit else implicit_vr(tag)
        if vr in SHORT and not tag & 0x10000 and (self.encoding.explicit or data[at + 4 : at + 8] != _OPEN_END):
            return _alone(tag, vr, data[at:after])
        parser = Parser(data)
        elements, stop = parser.dataset(at, after, self.encoding, 0, False)
        if stop != after or parser.warnings:
            raise Irregular
        unit = Unit(tag, memoryview(data)[at:after], elements, MAX_ELEMENTS - parser.left)
        if tag in PIXEL_TAGS:
            unit.mark = 0
        return unit

    def _remember(self, unit: Unit, raw: bytes) -> None:
        """Keeps a unit: the last few of each tag, since some values, such as an instance's UID, never come again."""
        if len(self.known) >= MAX_UNITS:
            self.known.clear()
            self._recent.clear()
        recent = self._recent.get(unit.tag)
        if recent is None:
            recent = self._recent[unit.tag] = deque()
        elif len(recent) == _VALUES:
            self.known.pop(recent.popleft(), None)
        recent.append(raw)
        self.known[raw] = unit

    def span(self, data: Buffer | memoryview, at: int, end: int, depth: int) -> tuple[int, int]:
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

    def closed(self, data: Buffer | memoryview, at: int, end: int, depth: int, fragments: bool) -> int:
        """Where a sequence (or the fragments) of undefined length ends, after its delimiter."""
        if depth > MAX_DEPTH:
            raise Refused("too_deep")
        seen = at
        while end - at >= 8:
            group, number, length = _IMPLICIT(data, at)
            tag, at = group << 16 | number, at + 8
            if at - seen > _WALKED:
                let_go(data)
                seen = at
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

    def _item_end(self, data: Buffer | memoryview, at: int, end: int, depth: int) -> int:
        while end - at >= 8:
            group, number, _ = _IMPLICIT(data, at)
            if group << 16 | number == ITEM_END:
                return at + 8
            at = self.span(data, at, end, depth + 1)[1]
        raise Irregular

    def items(self, data: Buffer | memoryview, at: int, end: int, open_end: bool) -> Iterator[tuple[int, int]]:
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

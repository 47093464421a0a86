"""What many files say about their subject, gathered from their headers alone, before the first of them is cleaned."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from operator import or_

from .files.buffers import Buffer
from .files.charsets import DEFAULT, encodings_of
from .files.container import Container, read_container
from .files.syntax import Encoding
from .files.tree import Dataset
from .making import items_of
from .reading.parse import FIRST_PIXELS, Parser
from .texts.facts import NOTHING, Facts, facts_of
from .units import Irregular, Unit, Units

_PIXELS = b"\xe0\x7f\x10\0"
_CHARSET = 0x00080005
# How often the first bytes of pixel data may stand in a header by chance, or within its sequences.
_TRIES = 8


class Headers:
    """Reads headers one after the other; what repeats from file to file is read once. Not to be shared by threads.

    `facts` are those of all of them that say who somebody is, where, and when: not the words of their texts.
    """

    def __init__(self, facts: Facts = NOTHING) -> None:
        """`facts`: what was gathered before."""
        self.facts = facts
        self._met: set[Facts] = set()
        self._pools: dict[tuple[Encoding, bytes], Units] = {}
        self._charsets: dict[Encoding, bytes] = {}

    def add(self, data: Buffer, *, whole: bool) -> bool:
        """Adds what a file says up to its pixels; False where more of the file is needed, which then says nothing yet.

        `data`: the file, or its first bytes if not `whole`. A file that cannot be read says nothing: none is made of
        it either. Raises MemoryError, but nothing for what a file may hold.
        """
        try:
            container = read_container(data)
            return self._by_units(container, whole) or self._plainly(container, whole)
        except MemoryError:
            raise  # another time the file may well be read: what it says must not hang on that
        except Exception:  # as in cleaning: no file can stop a worker, and the cause may hold personal values
            return whole

    def _by_units(self, container: Container, whole: bool) -> bool:
        """Whether the header could be cut into units, most of which were met before."""
        if not container.encoding.little:
            return False
        data, start = container.data, container.start
        for end in _ends(data, start, whole):
            try:
                units = self._units(container.encoding, data[:end], start)
                self._take(self._said(units, container.encoding))
                return True
            except Irregular:
                continue
        return False

    def _units(self, encoding: Encoding, header: Buffer, start: int) -> list[Unit]:
        """The header's units, from the memory of what has its character set. Raises Irregular and Refused."""
        charset = self._charsets.get(encoding, b"")
        units = self._pools.setdefault((encoding, charset), Units(encoding)).read(header, start)
        found = next((bytes(e.value) for unit in units[:4] for e in unit.judged if e.tag == _CHARSET), b"")
        if found != charset:
            self._charsets[encoding] = found
            units = self._pools.setdefault((encoding, found), Units(encoding)).read(header, start)
        return units

    @staticmethod
    def _said(units: list[Unit], encoding: Encoding) -> list[Facts]:
        """What each of the units says; it is kept with those that are remembered. Raises Irregular and Refused."""
        judged = [element for unit in units for element in unit.judged]
        encodings = encodings_of(judged, DEFAULT)
        for unit in units:
            if unit.mark is None:
                parts: Iterable[Dataset] = items_of(unit, encoding) if unit.by_items else [unit.elements]
                unit.facts = _shared(reduce(or_, (facts_of(part, encodings) for part in parts), NOTHING))
                unit.mark = 0
        return [unit.facts for unit in units if unit.facts is not NOTHING]

    def _plainly(self, container: Container, whole: bool) -> bool:
        """Whether the header ends within these bytes; raises Refused."""
        parser = Parser(container.data, stop=FIRST_PIXELS)
        size = len(container.data)
        elements, end = parser.dataset(container.start, size, container.encoding, 0, False)
        if end == size and not whole:
            return False
        self._take([_shared(facts_of(elements))])
        return True

    def _take(self, said: Iterable[Facts]) -> None:
        for facts in said:
            if facts not in self._met:
                self._met.add(facts)
                self.facts |= facts


def _ends(data: Buffer, start: int, whole: bool) -> Iterator[int | None]:
    """Where pixel data may begin, which it does if an element ends just there; None for the end of a `whole` file."""
    at = start - 1
    for _ in range(_TRIES):
        at = data.find(_PIXELS, at + 1)
        if at < 0:
            break
        yield at
    if whole:
        yield None


def _shared(facts: Facts) -> Facts:
    """Of one file's facts those that matter for the others."""
    left = replace(facts, words=frozenset(), kept=frozenset())
    return NOTHING if left == NOTHING else left

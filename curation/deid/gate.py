"""The last gate: what is about to be written is searched for every identifying value that should have gone."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from .echoes import Echoes
from .facts import Facts
from .pseudonyms import UID_LENGTH
from .representations import FREE_TEXT
from .spellings import ESCAPE, any_of, encoded, folded
from .terms import STRUCTURAL
from .tree import Dataset
from .vocabulary import is_known
from .written_dates import dates_in

_SEARCHED = FREE_TEXT | {"AE", "CS", "DA", "DT", "PN", "UR", "UN"}
_CLOSED_LISTS = STRUCTURAL | {0x00080005}
_LEAST_DOTS = 3
_LOWER = bytes(range(256)).lower()
_OF_UIDS = bytes(code if code in b".0123456789" else 0x20 for code in range(256))
_WORD = re.compile(r"[^\W\d_]{6,}")
_PART = re.compile(r"[\^=\s]+")
# Numbers shorter than this and bytes fewer than these stand in binary values by chance.
_MIN_NUMBER, _MIN_BYTES = 8, 4


class Traces(NamedTuple):
    """What a piece of output shows: kinds of identifying values, and UIDs and days that may be any object's."""

    kinds: frozenset[str]
    uids: frozenset[bytes]
    dates: frozenset[str]


NO_TRACES = Traces(frozenset(), frozenset(), frozenset())


class Gate:
    """The facts of a study, ready to be searched for in every file that is written of it."""

    def __init__(self, facts: Facts, shifted: AbstractSet[str] = frozenset()) -> None:
        """`shifted`: days, as YYYYMMDD, that stand in the output by right since other days were moved to them."""
        self.echoes = Echoes(facts)
        self.shifted = shifted
        self.echoes.dates = (facts.births | facts.dates) - shifted
        self.distinctive = facts.words - facts.kept
        foreign = dict(_foreign(facts))
        needles = dict(self._long(facts)) | foreign
        long = {value: kind for value, kind in needles.items() if len(value) >= _MIN_BYTES}
        self._needles = [(value, kind, value.isdigit()) for value, kind in long.items()]
        self._pattern = any_of(long)
        self._foreign = any_of(foreign)

    def _long(self, facts: Facts) -> Iterator[tuple[bytes, str]]:
        """What is long enough to be looked for anywhere, also in binary values, in lower case."""
        for found in (self.echoes.parts, self.echoes.numbers):
            yield from (
                (text.encode(), kind) for text, kind in found.items() if len(text) >= _MIN_NUMBER or text.isalpha()
            )
        yield from ((day.encode(), "date") for day in self.echoes.dates)
        for number in facts.ids:
            if len(number) >= _MIN_NUMBER and not is_known(folded(number)):
                yield from ((value, "id") for value in encoded(number))

    def traces(self, written: bytes, texts: Iterable[bytes]) -> Traces:
        """What the bytes that will be written show; `texts` are those of their values that people read as text."""
        bare = written.translate(_LOWER, b"\0")  # without zeros UTF-16 reads as ASCII does
        if b"\x1b" in bare:
            bare += b"\n" + ESCAPE.sub(b"", written).translate(_LOWER, b"\0")
        kinds: set[str] = set()
        if self._pattern.search(bare):
            kinds |= {kind for value, kind, digits in self._needles if value in bare and _stands(value, bare, digits)}
        read = b"\n".join(texts).translate(None, b"\0")
        dates: set[str] = set()
        if read:
            text = read.decode("latin-1")
            kinds.update(self.echoes.kinds(text))
            if self._foreign.search(read.lower()):
                kinds.add("name")
            low_text = folded(text)
            if not self.distinctive.isdisjoint(_WORD.findall(low_text)):
                kinds.add("text")
            dates = dates_in(low_text) - self.shifted
        uids = list(_uids_in(written))
        if not (kinds or dates or uids):
            return NO_TRACES
        return Traces(frozenset(kinds), frozenset(uids), frozenset(dates))

    def hits(
        self, traces: Iterable[Traces], uids: AbstractSet[bytes] = frozenset(), dates: AbstractSet[str] = frozenset()
    ) -> list[str]:
        """The kinds of identifying values in a file, from the traces of its pieces: name, id, place, date, text, uid.

        `uids` and `dates` (YYYYMMDD) are those of this file that were replaced.
        """
        found: set[str] = set()
        for trace in traces:
            if trace is not NO_TRACES:
                found |= trace.kinds
                if not uids.isdisjoint(trace.uids):
                    found.add("uid")
                if not dates.isdisjoint(trace.dates):
                    found.add("date")
        return sorted(found)


def _foreign(facts: Facts) -> Iterator[tuple[bytes, str]]:
    """Words with letters beyond ASCII, in each encoding."""
    for kind, texts in (("name", facts.names), ("place", facts.places)):
        words = {word for text in texts if not text.isascii() for word in _PART.split(text) if not word.isascii()}
        yield from ((value, kind) for word in words for value in encoded(word))


def texts_of(dataset: Dataset) -> Iterator[bytes]:
    """The values that people read as text, at every depth, but for those from closed lists."""
    for element in dataset:
        if element.items is not None:
            for item in element.items:
                yield from texts_of(item)
        elif element.vr in _SEARCHED and element.tag not in _CLOSED_LISTS:
            yield bytes(element.value)


def _uids_in(written: bytes) -> Iterator[bytes]:
    """Whatever may be a UID and is none of ours, also in UTF-16; a length before it may read as its first digit."""
    tokens = written.translate(_OF_UIDS).split()
    if written.count(b".\0") > _LEAST_DOTS:
        tokens += written.translate(_OF_UIDS, b"\0").split()
    for token in tokens:
        if token.count(b".") >= _LEAST_DOTS:
            uid = token.strip(b".")
            if len(uid) == UID_LENGTH and uid.startswith(b"2.25."):
                continue
            yield uid
            yield uid[1:]


def _stands(value: bytes, within: bytes, digits: bool) -> bool:
    """Whether digits stand somewhere that is not the middle of a longer number; other values always do."""
    if not digits:
        return True
    at = within.find(value)
    while at >= 0:
        stop = at + len(value)
        if within[at - 1 : at] not in _DIGIT_BYTES and within[stop : stop + 1] not in _DIGIT_BYTES:
            return True
        at = within.find(value, at + 1)
    return False


_DIGIT_BYTES = frozenset(b"%d" % digit for digit in range(10))

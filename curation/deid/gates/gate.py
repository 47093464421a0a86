"""The last gate: what is about to be written is searched for every identifying value that should have gone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from ..files.tree import Value
from ..texts.echoes import Echoes
from ..texts.facts import Facts
from ..texts.spellings import ESCAPE, any_of, encoded, folded, plain
from .traces import NO_DAYS, NO_TRACES, Traces, lowered, read_as_text, shown_by, texts_of, together

__all__ = ["NO_TRACES", "Gate", "Traces", "texts_of", "words_gone"]
_PARTS = re.compile(r"[\W_]+")
_PART = re.compile(r"[\^=\s]+")
# Numbers shorter than this and bytes fewer than these stand in binary values by chance.
_MIN_NUMBER, _MIN_BYTES, _MIN_LATIN = 8, 4, 6
# Making a pattern of all that is looked for pays from this many searches on.
_FEW = 3
_DIGIT_BYTES = frozenset(b"%d" % digit for digit in range(10))


class Gate:
    """What identifies the subject of a study, ready to be searched for in every file that is written of it."""

    def __init__(self, facts: Facts, echoes: Echoes | None = None) -> None:
        """`facts`: those of the file at least, of the study at best; `echoes`: made of them, where they are already."""
        self.echoes = (echoes or Echoes(facts)).on(NO_DAYS)
        self.births = facts.births
        self._asked = 0
        foreign = dict(_foreign(facts))
        needles = dict(self._long(facts)) | foreign
        long = {
            value: kind for value, kind in needles.items() if len(value) >= _MIN_BYTES and not _reads(value, foreign)
        }
        self._needles = [(value, kind, value.isdigit()) for value, kind in long.items()]
        self._long_values = long
        self._foreign_words = foreign

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return any_of(self._long_values)

    @cached_property
    def _foreign(self) -> re.Pattern[bytes]:
        return any_of(value for value in self._foreign_words if not value.isascii())

    @cached_property
    def _escaped(self) -> re.Pattern[bytes]:
        return any_of(value for value in self._foreign_words if value.isascii() and len(value) >= _MIN_BYTES)

    def _may_stand(self, bare: bytes) -> bool:
        """Whether anything long may stand in some bytes; making the pattern pays only where many files are asked."""
        self._asked += 1
        return self._asked < _FEW or self._pattern.search(bare) is not None

    def _long(self, facts: Facts) -> Iterator[tuple[bytes, str]]:
        """What is long enough to be looked for anywhere, also in binary values, in lower case."""
        for found in (self.echoes.parts, self.echoes.numbers):
            yield from (
                (text.encode(), kind) for text, kind in found.items() if len(text) >= _MIN_NUMBER or text.isalpha()
            )
        yield from ((day.encode(), "date") for day in facts.births)
        for number in facts.ids:
            if len(number) >= _MIN_NUMBER and _PARTS.sub("", folded(number)) in self.echoes.numbers:
                yield from ((value, "id") for value in encoded(number))

    def traces(
        self,
        written: bytes,
        texts: Iterable[bytes] = (),
        kept: AbstractSet[str] = frozenset(),
        samples: Iterable[Value] = (),
    ) -> Traces:
        """What the bytes that will be written show; `texts` are those of their values that people read as text.

        `samples`: long values of measured numbers, such as waveforms, in which no UID is looked for. `kept`: words that
        stand in these texts by right. The answer for the same bytes is always the same, so that it can be kept for as
        long as the bytes are.
        """
        read = read_as_text(texts)
        bare = lowered(written)
        escaped = lowered(ESCAPE.sub(b"", written)) if b"\x1b" in bare else b""
        bare = b"\n".join([bare, escaped, *map(lowered, samples)])
        return together((shown_by(written, read, kept), self.found(bare, read, escaped)))

    def found(self, bare: bytes, read: bytes = b"", escaped: bytes = b"") -> Traces:
        """Of whom of the subject's people, numbers, places and births something stands in bytes that will be written.

        `bare`: the bytes in lower case without zeros, and `escaped`, those of them that had escape sequences, without
        these; `read`: those that people read as text.
        """
        # By `find`: `in` of bytes takes an exception each time, since it asks first whether they are a number.
        needles = [needle for needle in self._needles if bare.find(needle[0]) >= 0] if self._may_stand(bare) else []
        standing = [(value, kind) for value, kind, digits in needles if _stands(value, bare, digits)]
        kinds = {kind for _, kind in standing if kind != "date"}
        births = {value.decode() for value, kind in standing if kind == "date"}
        if escaped and self._escaped.search(escaped):
            kinds.add("name")
        if read and (not read.isascii() or self.echoes.may_repeat(read)):
            kinds.update(self.echoes.kinds(plain(read.decode("latin-1"))))
        if not read.isascii() and self._foreign.search(read.lower()):
            kinds.add("name")
        return Traces(frozenset(kinds), frozenset(), frozenset(births), frozenset()) if kinds or births else NO_TRACES

    def hits(
        self,
        traces: Iterable[Traces],
        *,
        uids: AbstractSet[bytes] = frozenset(),
        dates: AbstractSet[str] = NO_DAYS,
        moved: AbstractSet[str] = NO_DAYS,
        words: AbstractSet[str] = frozenset(),
    ) -> list[str]:
        """The kinds of identifying values in a file, from the traces of its pieces: name, id, place, date, text, uid.

        Of this file: `uids` and `dates` (YYYYMMDD) that were replaced, `moved` those that were written in place of
        dates, which are right where they stand, and `words` of texts that went and that no technical term holds.
        """
        found: set[str] = set()
        gone = (dates | self.births) - moved
        for trace in traces:
            if trace is NO_TRACES:
                continue
            found |= trace.kinds
            if not uids.isdisjoint(trace.uids):
                found.add("uid")
            if not gone.isdisjoint(trace.dates):
                found.add("date")
            if not words.isdisjoint(trace.words):
                found.add("text")
        return sorted(found)


def words_gone(traces: Iterable[Traces], facts: Iterable[Facts]) -> AbstractSet[str]:
    """Distinctive words that a file's output shows and that are of texts that went; `facts` are those of its parts."""
    shown = {word for trace in traces for word in trace.words}
    parts = list(facts) if shown else []
    gone = {word for each in parts if each.words for word in shown & each.words}
    return gone.difference(*(each.kept for each in parts if each.kept)) if gone else gone


def _foreign(facts: Facts) -> Iterator[tuple[bytes, str]]:
    """Words with letters beyond ASCII, in each encoding."""
    for kind, texts in (("name", facts.names), ("place", facts.places)):
        words = {word for text in texts if not text.isascii() for word in _PART.split(text) if not word.isascii()}
        yield from ((value, kind) for word in words for value in encoded(word))


def _reads(value: bytes, foreign: Mapping[bytes, str]) -> bool:
    """Whether the bytes of a short word of another script happen to be Latin letters, as in any text."""
    return value in foreign and len(value) < _MIN_LATIN and value.isalpha()


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

"""What bytes that will be written show, whoever they are about: UIDs, days and words that are in no vocabulary."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from ..files.representations import FREE_TEXT
from ..files.tree import Dataset, Element, Value
from ..texts.spellings import plain
from ..texts.vocabulary import distinctive
from ..texts.written_dates import dates_in
from ..values.pseudonyms import UID_LENGTH, is_registered
from ..values.terms import STRUCTURAL

_SEARCHED = FREE_TEXT | {"AE", "CS", "DA", "DT", "PN", "UR", "UN"}
# Code values and their schemes stand in published lists; 121110 is no day.
_CODES = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080119, 0x00080120})
_CLOSED_LISTS = STRUCTURAL | _CODES | {0x00080005}
_CLAIMS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})
_LEAST_DOTS = 3
_LOWER = bytes(range(256)).lower()
_OF_UIDS = bytes(code if code in b".0123456789" else 0x20 for code in range(256))


class Traces(NamedTuple):
    """What a piece of output shows: identifying values of these kinds, and what any object might rightly hold.

    `uids` are none of ours, `dates` are YYYYMMDD, `words` are long ones that are not in the vocabulary.
    """

    kinds: frozenset[str]
    uids: frozenset[bytes]
    dates: frozenset[str]
    words: frozenset[str]


NO_DAYS: frozenset[str] = frozenset()
_NO_UIDS: frozenset[bytes] = frozenset()
NO_TRACES = Traces(frozenset(), frozenset(), NO_DAYS, frozenset())


def together(traces: Iterable[Traces]) -> Traces:
    """What several pieces show."""
    found = [trace for trace in traces if trace is not NO_TRACES]
    if len(found) < 2:
        return found[0] if found else NO_TRACES
    return Traces(*(frozenset().union(*parts) for parts in zip(*found, strict=True)))


def lowered(written: Value) -> bytes:
    """Bytes in lower case and without zeros: so UTF-16 reads as ASCII does."""
    return (written if isinstance(written, bytes) else bytes(written)).translate(_LOWER, b"\0")


def read_as_text(texts: Iterable[bytes]) -> bytes:
    """Texts, one a line, without zeros."""
    return b"\n".join(texts).translate(None, b"\0")


def shown_by(written: bytes, read: bytes, kept: AbstractSet[str] = frozenset()) -> Traces:
    """What the bytes that will be written show by themselves; `read` are those of their values that people read.

    `kept`: words that stand in these texts by right.
    """
    uids = frozenset(_uids_in(written)) if written.count(b".") >= _LEAST_DOTS else _NO_UIDS
    days = words = NO_DAYS
    if read:
        text = plain(read.decode("latin-1"))
        days, words = frozenset(dates_in(text.lower())), distinctive(text) - kept
    return Traces(frozenset(), uids, days, words) if uids or days or words else NO_TRACES


def texts_of(dataset: Dataset) -> Iterator[bytes]:
    """The values that people read as text, at every depth, but for those from closed lists and for our own claims."""
    for element in dataset:
        if element.tag in _CLAIMS:
            continue
        if element.items is not None:
            for item in element.items:
                yield from texts_of(item)
        elif is_read(element):
            yield bytes(element.value)


def is_read(element: Element) -> bool:
    """Whether people read an element's value as text that is from no closed list."""
    return element.vr in _SEARCHED and element.tag not in _CLOSED_LISTS


def _uids_in(written: bytes) -> Iterator[bytes]:
    """Whatever may be a UID, neither ours nor the standard's, also in UTF-16.

    A length that stands before it may read as its first digit, so that it is given without that, too.
    """
    tokens = written.translate(_OF_UIDS).split()
    if written.count(b".\0") > _LEAST_DOTS:
        tokens += written.translate(_OF_UIDS, b"\0").split()
    for token in tokens:
        if token.count(b".") >= _LEAST_DOTS:
            uid = token.strip(b".")
            if (len(uid) == UID_LENGTH and uid.startswith(b"2.25.")) or is_registered(uid):
                continue
            yield uid
            yield uid[1:]

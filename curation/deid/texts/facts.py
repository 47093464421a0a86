"""What identifies someone in a file or a study: gathered per element, merged over a study, never shown."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter

from ..files.charsets import DEFAULT, decoded, decoded_bytes, walk
from ..files.representations import FREE_TEXT, NUMERIC
from ..files.tree import Dataset, Element
from ..limits import MAX_IDENTITY_BYTES
from ..private.acquisition import TECHNICAL_TERMS
from ..private.safe import creators, without_block
from ..standard.strengthening import TERMS
from .spellings import folded, plain
from .vocabulary import PLACEHOLDERS, distinctive

_NONE: frozenset[str] = frozenset()
# Numbers and names of patient, visit, order, specimen and insurance.
IDS = frozenset(
    {0x00100020, 0x00101000, 0x00101001, 0x00101005, 0x00101060, 0x00102154, 0x00102155, 0x00101090}
    | {0x00080050, 0x00200010, 0x00380010, 0x00380060, 0x00401001, 0x00402016, 0x00402017, 0x00100022, 0x00101080}
    | {0x00120040, 0x00120042, 0x00102180, 0x00101081, 0x00101050, 0x00400253, 0x00400009, 0x00080094, 0x00401103}
    | {0x00400512, 0x00400551, 0x0040050A, 0x00402009}
    | {0x40080040, 0x40080200, 0x004006FA, 0x00402011, 0x0040A354}
)
# Institutions, wards, addresses and devices.
PLACES = frozenset(
    {0x00080080, 0x00080081, 0x00081040, 0x00081010, 0x00181000, 0x00100021, 0x00380300, 0x00400243, 0x00400011}
    | {0x00321021, 0x00080092, 0x00401102, 0x00401104, 0x00402010, 0x00181004, 0x00181005, 0x00181007, 0x0018700A}
    | {0x00400241, 0x00400242, 0x00321033, 0x00380400, 0x00102150, 0x00102152, 0x00080055, 0x00102299, 0x00120031}
    | {0x00120060, 0x00181008, 0x00181009, 0x00181010, 0x00181011, 0x00160051, 0x0016004D, 0x00321020, 0x0038001E}
    | {0x00401005, 0x00404036, 0x0040A027, 0x0040A353, 0x00400001, 0x00400010, 0x30080105, 0x300A00B2, 0x3010001B}
    | {0x00101040, 0x4008011A, 0x00320012, 0x00380011, 0x00380061, 0x00120030}
)
NUMBERS = IDS | PLACES
BIRTH_DATE = 0x00100030
_BIRTHS = frozenset({BIRTH_DATE, 0x00100033, 0x00100034})
_CODES = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080104, 0x00080119, 0x0008010F, 0x00080105})
_OFTEN = ("utf-8", "cp1252", "latin-1")
# Of DOS, central Europe and Turkey: read where all bytes become letters, since otherwise parts of words would be names.
_AT_TIMES = ("cp850", "iso8859_2", "iso8859_9")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DAY = re.compile(r"(\d{4})[-.]?(\d\d)[-.]?(\d\d)")


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """Identifying values, decoded: of everyone who is named, and of places and devices. `a | b` has those of both.

    `births` and `dates` are YYYYMMDD; `words` are distinctive words of texts that are free, in lower case without
    accents; `kept` are the words of technical terms and codes, which stand in the study by right.
    """

    names: frozenset[str] = _NONE
    ids: frozenset[str] = _NONE
    births: frozenset[str] = _NONE
    dates: frozenset[str] = _NONE
    places: frozenset[str] = _NONE
    words: frozenset[str] = _NONE
    kept: frozenset[str] = _NONE

    def __or__(self, other: "Facts") -> "Facts":
        """The facts of both; one of the two itself where the other adds nothing."""
        if other is NOTHING or other is self:
            return self
        if self is NOTHING:
            return other
        return united((self, other))

    @property
    def identifies(self) -> bool:
        """Whether anything here says who somebody is, or where."""
        return bool(self.names or self.ids or self.births or self.places)

    def __repr__(self) -> str:
        return "Facts(hidden)"


_FIELDS = tuple(field.name for field in fields(Facts))
_VALUES = attrgetter(*_FIELDS)
NOTHING = Facts()


def facts_of(dataset: Dataset, inherited: list[str] | None = None) -> Facts:
    """The facts of a parsed data set at every depth; `inherited`: the character sets of what encloses it."""
    found: dict[str, set[str]] = {}
    for element, encodings in walk(dataset, inherited):
        kind = _kind(element.tag, element.vr)
        if kind and element.value:
            found.setdefault(kind, set()).update(_READERS[kind](element, encodings))
    if any(element.tag & 0x10000 for element in dataset):
        found.setdefault("kept", set()).update(*_technical(dataset, inherited or DEFAULT))
    said = {kind: frozenset(values) for kind, values in found.items() if values}
    return Facts(**said) if said else NOTHING


def united(said: Iterable[Facts]) -> Facts:
    """The facts of all."""
    found = [facts for facts in said if facts is not NOTHING]
    if len(found) < 2:
        return found[0] if found else NOTHING
    return Facts(*(_NONE.union(*each) for each in zip(*map(_VALUES, found), strict=True)))


def facts_about(given: str, families: Iterable[str], born: str) -> Facts:
    """What is known of a person beside their files: their names as DICOM writes them, and their birth date, YYYYMMDD.

    `families`: the family name of today and those of before.
    """
    names = frozenset(f"{family}^{given}" for family in families)
    return Facts(names=names, births=frozenset({born} if born else ()))


def _technical(dataset: Dataset, encodings: list[str]) -> Iterator[frozenset[str]]:
    """The words of private technical terms, which stay: they stand in the study by right."""
    known = creators(dataset)
    for element in dataset:
        if (known.get(element.tag >> 8, ""), without_block(element.tag)) in TECHNICAL_TERMS and element.items is None:
            yield _words(element, encodings)


#: VRs whose values say nothing about anyone, but where a tag in our lists says otherwise: those are never of these.
SILENT = NUMERIC | {"DS", "IS", "TM", "UI"}


def gather(element: Element, encodings: list[str]) -> Facts:
    """What one element says, in its item's character sets; NOTHING for a sequence, whose items are asked one by one."""
    kind = _kind(element.tag, element.vr)
    if not kind or element.items is not None or not element.value:
        return NOTHING
    values = _READERS[kind](element, encodings)
    return Facts(**{kind: values}) if values else NOTHING


@lru_cache(maxsize=1 << 14)
def _kind(tag: int, vr: str) -> str:
    """Which of the facts an attribute's values are, whatever they say; empty for none."""
    if vr in SILENT:
        return ""
    if vr == "PN":
        return "names"
    if tag in _BIRTHS:
        return "births"
    if vr in ("DA", "DT"):
        return "dates"
    if tag in IDS:
        return "ids"
    if tag in PLACES:
        return "places"
    if vr == "CS" or tag in TERMS or tag in _CODES or (tag >> 16 & 1 and tag & 0xFFFF < 0x100):
        return "kept"
    return "words" if vr in FREE_TEXT else ""


def _values(element: Element, encodings: list[str]) -> frozenset[str]:
    text = element.text(MAX_IDENTITY_BYTES)
    readings = {decoded_bytes(text, encodings), *(() if text.isascii() else _other_readings(text))}
    values = (value.strip(" \0^=") for reading in readings for value in reading.split("\\"))
    return frozenset(value for value in values if value and folded(value) not in PLACEHOLDERS)


def _other_readings(text: bytes) -> Iterator[str]:
    """What bytes mean that are not in the character set that the file declares: writers often name another one."""
    if b"\x1b" in text:
        return
    for encoding in _OFTEN:
        with suppress(UnicodeDecodeError):
            yield text.decode(encoding)
    for encoding in _AT_TIMES:
        with suppress(UnicodeDecodeError):
            read = text.decode(encoding)
            if all(letter.isascii() or letter.isalpha() for letter in read):
                yield read


def _days(element: Element, encodings: list[str]) -> frozenset[str]:
    days = (_DAY.match(value.strip()) for value in decoded(element, encodings).split("\\"))
    return frozenset(day[1] + day[2] + day[3] for day in days if day is not None)


def _words(element: Element, encodings: list[str]) -> frozenset[str]:
    """The distinctive words of a text."""
    return distinctive(plain(decoded(element, encodings)))


def _kept(element: Element, encodings: list[str]) -> frozenset[str]:
    """The words of a term or code."""
    return frozenset(_WORD.findall(folded(decoded(element, encodings))))


_READERS: dict[str, Callable[[Element, list[str]], frozenset[str]]] = {
    "names": _values,
    "ids": _values,
    "places": _values,
    "births": _days,
    "dates": _days,
    "words": _words,
    "kept": _kept,
}

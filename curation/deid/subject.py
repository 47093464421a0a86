"""Gathers what a file says about who it is of: names, numbers, dates and UIDs, at every depth, in every spelling."""

import warnings
from collections.abc import Iterator

from pydicom.charset import convert_encodings, decode_bytes

from .container import read_container
from .echoes import BIRTH_DATE, NUMBERS
from .limits import MAX_IDENTITY_BYTES
from .parse import Parser
from .reasons import Refused
from .results import Unreadable
from .tree import Dataset, Element

_CHARSET = 0x00080005
_NAME_DELIMITERS = {0x5C, 0x5E, 0x3D}
DATES = frozenset({0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00080024, 0x00080025, 0x00400244})
UIDS = frozenset({0x00080018, 0x0020000D, 0x0020000E, 0x00200052, 0x00081155})
_SEARCHED = NUMBERS | DATES | UIDS | {BIRTH_DATE}


def decoded(element: Element, encodings: list[str]) -> str:
    """The text of an element in its item's character sets; bytes that do not fit are replaced."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return decode_bytes(element.text(MAX_IDENTITY_BYTES), encodings, _NAME_DELIMITERS)


def encodings_of(dataset: Dataset, inherited: list[str]) -> list[str]:
    """The character sets of an item, its own or those of what encloses it (PS3.5 section 7.5.3)."""
    for element in dataset:
        if element.tag == _CHARSET and element.items is None:
            named = [part.strip() for part in element.text().decode("ascii", "replace").split("\\")]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    return convert_encodings(named)
                except (LookupError, ValueError):
                    return inherited
        if element.tag > _CHARSET:
            break
    return inherited


def walk(dataset: Dataset, inherited: list[str] | None = None) -> Iterator[tuple[Element, list[str]]]:
    """Every element that has a value, at every depth, with the character sets that hold for it."""
    encodings = encodings_of(dataset, inherited or ["iso8859"])
    for element in dataset:
        if element.items is None:
            yield element, encodings
        else:
            for item in element.items:
                yield from walk(item, encodings)


def subject_values(data: bytes) -> list[str]:
    """The identifying values of a file, for a residual search in what was made of it; raises Unreadable.

    Names of everyone, numbers of patient, visit, institution and device, birth and study dates, and the file's UIDs.
    Personal; never logged.
    """
    try:
        container = read_container(data)
        dataset = Parser(container.data).root(container.start, container.encoding)
    except Refused as refused:
        raise Unreadable(refused.reason, refused.sentence) from None
    return values_of(dataset)


def values_of(dataset: Dataset) -> list[str]:
    """The identifying values of a parsed file, each once, in the order in which they occur."""
    found: dict[str, None] = {}
    for element, encodings in walk(dataset):
        if element.vr == "PN" or element.tag in _SEARCHED:
            for value in decoded(element, encodings).split("\\"):
                if value.strip(" \0^="):
                    found.setdefault(value.strip(" \0"))
    return list(found)

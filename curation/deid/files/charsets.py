"""Decodes the texts of an item by its Specific Character Set (PS3.3 section C.12.1.1.2, PS3.5 section 6.1)."""

import warnings
from collections.abc import Iterator

from pydicom.charset import convert_encodings, decode_bytes, python_encoding

from ..limits import MAX_IDENTITY_BYTES
from .tree import Dataset, Element

DEFAULT = ["iso8859"]
_CHARSET = 0x00080005
_NAME_DELIMITERS = {0x5C, 0x5E, 0x3D}


def decoded(element: Element, encodings: list[str]) -> str:
    """The text of an element in its item's character sets; bytes that do not fit are replaced."""
    return decoded_bytes(element.text(MAX_IDENTITY_BYTES), encodings)


def decoded_bytes(text: bytes, encodings: list[str]) -> str:
    """A text in the given character sets; bytes that do not fit are replaced."""
    if text.isascii() and b"\x1b" not in text:
        return text.decode("ascii")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return decode_bytes(text, encodings, _NAME_DELIMITERS)


def encodings_of(dataset: Dataset, inherited: list[str]) -> list[str]:
    """The character sets of an item, its own or those of what encloses it (PS3.5 section 7.5.3)."""
    for element in dataset:
        if element.tag == _CHARSET and element.items is None:
            named = element.text()
            return list(_DEFINED.get(named) or _converted(named, inherited))
        if element.tag > _CHARSET:
            break
    return inherited


def _converted(value: bytes, inherited: list[str]) -> list[str]:
    named = [part.strip() for part in value.decode("ascii", "replace").split("\\")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return convert_encodings(named)
        except (LookupError, ValueError):
            return inherited


#: The encodings of values that hold one defined term.
_DEFINED = {term.encode(): _converted(term.encode(), []) for term in python_encoding}


def walk(dataset: Dataset, inherited: list[str] | None = None) -> Iterator[tuple[Element, list[str]]]:
    """Every element that has a value, at every depth, with the character sets that hold for it."""
    encodings = encodings_of(dataset, inherited or DEFAULT)
    for element in dataset:
        if element.items is None:
            yield element, encodings
        else:
            for item in element.items:
                yield from walk(item, encodings)

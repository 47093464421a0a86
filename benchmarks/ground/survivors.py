"""What a de-identifier leaves behind in a file, as Table E.1-1 of PS3.15 has it: read by pydicom."""

from collections.abc import Iterator
from typing import NamedTuple

import pydicom
from pydicom.dataelem import DataElement

from tests.deid import checker

#: Rows that each tool may rightly fill with its own words: what was done, and identifiers made anew.
_CLAIMS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})


class Left(NamedTuple):
    """Which of the things that should have gone are still there."""

    nested: bool
    private: bool
    preamble: bool


def left_behind(source: bytes, output: bytes) -> Left:
    """What stayed of a file: values of the table in nested sequences, private elements, bytes before the file."""
    before: dict[int, set[str]] = {}
    for element, _ in _walk(checker.read(source)):
        before.setdefault(int(element.tag), set()).update(checker.values(element))
    nested = private = False
    for element, depth in _walk(checker.read(output)):
        private = private or element.tag.is_private
        nested = nested or (depth > 0 and _stayed(element, before))
    preamble = output[128:132] == b"DICM" and any(output[:128])
    return Left(nested, private, preamble)


def _walk(dataset: pydicom.Dataset, depth: int = 0) -> Iterator[tuple[DataElement, int]]:
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except (ValueError, NotImplementedError, OverflowError, TypeError, KeyError):
            continue
        yield element, depth
        if element.VR == "SQ":
            for item in element.value:
                yield from _walk(item, depth + 1)


def _stayed(element: DataElement, before: dict[int, set[str]]) -> bool:
    """Whether a value of the source stands where the table lets none stay; registered UIDs are no values."""
    row = checker.TABLE.get(f"{int(element.tag):08X}")
    if row is None or element.VR == "SQ" or int(element.tag) in _CLAIMS:
        return False
    values = {value for value in checker.values(element) if value and value not in checker.DUMMIES}
    if element.VR == "UI":
        values = {value for value in values if pydicom.uid.UID(value).name == value}
    return bool(values & before.get(int(element.tag), set()))

"""An independent reading of Table E.1-1: walks source and output with pydicom and lists what should not have stayed.

Rows that a profile's options change are not looked at: with `basic`, which has none, it looks at all.
"""

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Set
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataelem import DataElement
from pydicom.uid import UID

import curation.deid
from curation.deid import RESEARCH

TABLE = json.loads((Path(curation.deid.__file__).parent / "data" / "rules.json").read_text())["rows"]
NEW_UID = re.compile(r"2\.25\.[1-9]\d{38}")
PSEUDONYM = re.compile(r"D-[A-Z2-7]{16}")
DUMMIES = {"", "REMOVED", "19000101", "19000101000000", "000000", "000Y", "0", "0.0"}
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def read(data: bytes) -> pydicom.Dataset:
    """A file as pydicom reads it, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(BytesIO(data), force=True)


def walk(dataset: pydicom.Dataset) -> Iterator[DataElement]:
    """Every element at every depth."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tag in list(dataset.keys()):
            try:
                element = dataset[tag]
            except (ValueError, NotImplementedError, OverflowError, TypeError, KeyError):
                continue
            yield element
            if element.VR == "SQ":
                for item in element.value:
                    yield from walk(item)


def values(element: DataElement) -> list[str]:
    """The element's single values as text."""
    if element.VR == "SQ" or element.value is None:
        return []
    many = element.value if element.VM > 1 else [element.value]
    return [str(value).strip(" \0") for value in many]


def survivors(source: bytes, output: bytes, options: Set[str] = RESEARCH.options) -> list[str]:
    """One line for each thing in the output that Table E.1-1 or the file format says must not be there."""
    before: dict[int, set[str]] = defaultdict(set)
    for element in walk(read(source)):
        before[int(element.tag)].update(values(element))
    found = [] if output[:132] == bytes(128) + b"DICM" else ["the preamble is not zero"]
    for element in walk(read(output)):
        problem = _problem(element, before[int(element.tag)], options)
        if problem:
            found.append(f"{element.tag} {element.VR}: {problem}")
    return found


def _problem(element: DataElement, before: set[str], options: Set[str]) -> str:
    tag = element.tag
    if tag.is_private:
        return "" if "retain_safe_private" in options else "private element"
    if tag.group in (0, 2, 4) or tag.element == 0 or tag.group >= 0xFFFC:
        return "element that no data set has"
    if not (dictionary_has_tag(tag) or repeater_has_tag(tag)):
        return "unknown element"
    if tag.group & 0xFF00 in (0x5000, 0x6000):
        return "curve or overlay"
    if element.VR == "UI":
        bad = [v for v in values(element) if v and not NEW_UID.fullmatch(v) and UID(v).name == v]
        return "UID that is neither new nor registered" if bad else ""
    row = TABLE.get(f"{int(tag):08X}")
    return _against_row(element, row, before) if row and options.isdisjoint(row.get("options", {})) else ""


def _against_row(element: DataElement, row: dict[str, object], before: set[str]) -> str:
    if row["basic"] == "X":
        return "X, but present"
    if element.VR == "SQ":
        return "Z, but has items" if row["basic"] == "Z" and element.value else ""
    now = [v for v in values(element) if v not in DUMMIES and not PSEUDONYM.fullmatch(v)]
    if row["basic"] == "Z" and now:
        return "Z, but has a value"
    return "value of the source" if set(now) & before else ""

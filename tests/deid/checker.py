"""An independent reading of Table E.1-1: walks source and output with pydicom and lists what should not have stayed."""

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataelem import DataElement
from pydicom.uid import UID

import curation.deid

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


def survivors(source: bytes, output: bytes) -> list[str]:
    """One line for each thing in the output that Table E.1-1 or the file format says must not be there."""
    before: dict[int, set[str]] = defaultdict(set)
    for element in walk(read(source)):
        before[int(element.tag)].update(values(element))
    found = [] if output[:132] == bytes(128) + b"DICM" else ["the preamble is not zero"]
    for element in walk(read(output)):
        problem = _problem(element, before[int(element.tag)])
        if problem:
            found.append(f"{element.tag} {element.VR}: {problem}")
    return found


def _problem(element: DataElement, before: set[str]) -> str:
    tag = element.tag
    if tag.is_private:
        return "private element"
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
    return _against_row(element, row, before) if row else ""


def _against_row(element: DataElement, row: dict[str, object], before: set[str]) -> str:
    options = row.get("options", {})
    modified_dates = isinstance(options, dict) and "retain_long_modified_dates" in options
    if row["basic"] == "X" and not modified_dates:
        return "X, but present"
    if element.VR == "SQ":
        return "Z, but has items" if row["basic"] == "Z" and element.value else ""
    now = [v for v in values(element) if v not in DUMMIES and not PSEUDONYM.fullmatch(v)]
    if element.VR == "TM" or element.tag == 0x00080201:
        return "" if modified_dates else "time kept"
    if row["basic"] == "Z" and now and not modified_dates:
        return "Z, but has a value"
    return "value of the source" if set(now) & before else ""

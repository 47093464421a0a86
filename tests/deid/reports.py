"""Builds structured reports for tests: content items in one line each, as files and as the engine's own trees."""

from collections.abc import Callable

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage

from curation.deid.files.container import read_container
from curation.deid.files.tree import Dataset as Tree
from curation.deid.files.tree import find
from curation.deid.reading.parse import Parser

from . import planted

ROOT = "1.2.840.10008.5.1.4.1.1."
NAME = planted.NAME
VALUES: dict[str, Callable[[Dataset, object], None]] = {
    "TEXT": lambda item, value: setattr(item, "TextValue", value),
    "DATE": lambda item, value: setattr(item, "Date", value),
    "TIME": lambda item, value: setattr(item, "Time", value),
    "DATETIME": lambda item, value: setattr(item, "DateTime", value),
    "PNAME": lambda item, value: setattr(item, "PersonName", value),
    "UIDREF": lambda item, value: setattr(item, "UID", value),
    "CODE": lambda item, value: setattr(item, "ConceptCodeSequence", [code(str(value))]),
    "IMAGE": lambda item, value: setattr(item, "ReferencedSOPSequence", [reference(str(value))]),
    "NUM": lambda item, value: setattr(item, "MeasuredValueSequence", [measured(str(value))]),
    "SCOORD": lambda item, value: setattr(item, "GraphicData", value),
    "CONTAINER": lambda item, value: setattr(item, "ContinuityOfContent", "SEPARATE"),
}


def code(text: str) -> Dataset:
    """A code item from 'value/scheme/meaning'; the meaning may be left out."""
    value, scheme, meaning = (text + "/Meaning").split("/")[:3]
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def reference(uid: str) -> Dataset:
    """A reference to a CT image."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CTImageStorage, uid
    return item


def measured(text: str) -> Dataset:
    """A number and its unit, as 'number unit'."""
    number, unit = text.split()
    item = Dataset()
    item.NumericValue = number
    item.MeasurementUnitsCodeSequence = [code(f"{unit}/UCUM")]
    return item


def content(kind: str, concept: str, value: object, *children: Dataset, relation: str = "CONTAINS") -> Dataset:
    """A content item with those below it."""
    item = Dataset()
    item.RelationshipType, item.ValueType = relation, kind
    item.ConceptNameCodeSequence = [code(concept)]
    VALUES[kind](item, value)
    if children:
        item.ContentSequence = Sequence(children)
    return item


def by_reference(*place: int) -> Dataset:
    """An item that stands elsewhere in the tree."""
    item = Dataset()
    item.RelationshipType = "INFERRED FROM"
    item.ReferencedContentItemIdentifier = list(place)
    return item


def report(*items: Dataset, sop_class: str = ROOT + "88.33") -> Dataset:
    """A report of the planted patient with these items."""
    whole = planted.dataset()
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(whole, keyword)
    del whole.SamplesPerPixel, whole.PhotometricInterpretation, whole.ImageType
    whole.SOPClassUID, whole.Modality = sop_class, "SR"
    whole.ValueType, whole.ContinuityOfContent = "CONTAINER", "SEPARATE"
    whole.CompletionFlag, whole.VerificationFlag = "COMPLETE", "UNVERIFIED"
    whole.ConceptNameCodeSequence = [code("126000/DCM/Imaging Measurement Report")]
    whole.ContentSequence = Sequence(items)
    return whole


def tree(*items: Dataset, syntax: str = "") -> list[Tree]:
    """The engine's own form of these content items, through a file's bytes."""
    container = read_container(planted.as_file(report(*items), syntax=syntax))
    found = find(Parser(container.data).root(container.start, container.encoding), 0x0040A730)
    assert found is not None
    return found.items or []

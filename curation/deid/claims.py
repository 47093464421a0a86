"""What a cleaned object says about its own de-identification (PS3.15 section E.1.1, PS3.16 CID 7050)."""

from .tree import Dataset, Element, find

METHODS = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
METHOD_TEXT = b"Donara: PS3.15 Basic Profile, modified dates"


def _padded(text: str) -> bytes:
    return text.encode() + b" " * (len(text) & 1)


def _code(value: str, meaning: str) -> Dataset:
    return [
        Element(0x00080100, "SH", _padded(value)),
        Element(0x00080102, "SH", b"DCM "),
        Element(0x00080104, "LO", _padded(meaning)),
    ]


def with_claims(dataset: Dataset, pseudonym: bytes) -> Dataset:
    """The data set with the patient's pseudonym and with what was done to it, in tag order."""
    added = [
        Element(0x00120062, "CS", b"YES "),
        Element(0x00120063, "LO", METHOD_TEXT),
        Element(0x00120064, "SQ", items=[_code(*method) for method in METHODS]),
        Element(0x00280303, "CS", b"MODIFIED"),
    ]
    for tag, vr in ((0x00100010, "PN"), (0x00100020, "LO")):
        if find(dataset, tag) is None:
            added.append(Element(tag, vr, pseudonym))
    return sorted([*dataset, *added], key=lambda element: element.tag)

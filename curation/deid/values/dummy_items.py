"""What stands for a sequence that is replaced (action D of PS3.15 Table E.1-1): one valid item that says nothing."""

from ..files.tree import Dataset, Element
from .dummies import dummy

# Sequences of which an item without content is not valid, in modules that an object may have or not (PS3.3).
_WITHOUT_DUMMY = frozenset(
    {
        0x00700001,  # Graphic Annotation Sequence: an annotation draws something
        0x0040A730,  # Content Sequence
        0x0040B020,  # Waveform Annotation Sequence: a note has a text or a concept
    }
)


def _code() -> Dataset:
    return [Element(tag, vr, dummy(vr)) for tag, vr in ((0x00080100, "SH"), (0x00080102, "SH"), (0x00080104, "LO"))]


# A step that nobody performed: the SOP class that reports steps, and a UID that names nothing.
_STEP = b"1.2.840.10008.3.1.2.3.3\0"
_NOTHING = b"2.25.1" + b"0" * 38

_ITEMS: dict[int, Dataset] = {
    0x00080082: _code(),  # Institution Code Sequence
    # Referenced Performed Procedure Step Sequence
    0x00081111: [Element(0x00081150, "UI", _STEP), Element(0x00081155, "UI", _NOTHING)],
    0x00401101: _code(),  # Person Identification Code Sequence
    0x00081072: [Element(0x00401101, "SQ", items=[_code()])],  # Operator Identification Sequence
    # Verifying Observer Sequence, which a report that says VERIFIED must have (PS3.3 section C.17.2)
    0x0040A073: [
        Element(0x0040A027, "LO", dummy("LO")),
        Element(0x0040A030, "DT", dummy("DT")),
        Element(0x0040A075, "PN", dummy("PN")),
        Element(0x0040A088, "SQ", items=[]),
    ],
}


def dummy_items(tag: int) -> list[Dataset] | None:
    """The items that stand for a sequence's own; None where no dummy would be valid, so that the sequence goes."""
    return None if tag in _WITHOUT_DUMMY else [_ITEMS.get(tag, [])]

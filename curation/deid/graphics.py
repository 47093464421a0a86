"""Graphic annotations and shutters of presentation states (PS3.3 sections C.10.5, C.7.6.11, C.7.6.15)."""

from .tree import Dataset, Element, find

SHUTTER_SHAPE = 0x00181600
_SHUTTER_OVERLAY = 0x00181623
_BITMAP = b"BITMAP"
#: Sequences to which Table E.1-1 gives D, and of which an item without content is not valid: they go, where no option
#: cleans them. Each is in a module that an object may have or not (PS3.3).
WITHOUT_DUMMY = frozenset(
    {
        0x00700001,  # Graphic Annotation Sequence
        0x0040A730,  # Content Sequence, outside a report
        0x0040B020,  # Waveform Annotation Sequence
    }
)


def without_bitmap_shutter(dataset: Dataset) -> Dataset:
    """The root data set without a shutter that is drawn by an overlay, since overlays always go."""
    shape = find(dataset, SHUTTER_SHAPE)
    if shape is None or shape.items is not None or _BITMAP not in shape.values():
        return dataset
    others = [value for value in shape.values() if value != _BITMAP]
    kept = [element for element in dataset if element.tag not in (SHUTTER_SHAPE, _SHUTTER_OVERLAY)]
    if not others:
        return kept
    joined = b"\\".join(others)
    return sorted([*kept, Element(SHUTTER_SHAPE, "CS", joined + b" " * (len(joined) % 2))], key=lambda e: e.tag)

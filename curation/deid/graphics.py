"""What presentation states draw: annotations that have no valid dummy, shutters that an overlay draws.

PS3.3 sections C.10.5 (graphic annotations) and C.7.6.15 (bitmap display shutter).
"""

from .representations import pad
from .tree import Element

SHUTTER_SHAPE, SHUTTER_OVERLAY = 0x00181600, 0x00181623
_BITMAP = b"BITMAP"
#: Sequences to which Table E.1-1 gives D, and of which an item without content is not valid: they go where no option
#: cleans them. Each belongs to a module that an object may have or not (PS3.3).
WITHOUT_DUMMY = frozenset(
    {
        0x00700001,  # Graphic Annotation Sequence
        0x0040A730,  # Content Sequence, outside a report
        0x0040B020,  # Waveform Annotation Sequence
    }
)


def without_bitmap(shape: Element) -> Element | None:
    """A Shutter Shape (0018,1600) without the one that an overlay draws, since overlays go; None if none is left."""
    if shape.items is not None:
        return None
    shapes = [value for value in shape.values() if value != _BITMAP]
    return Element(SHUTTER_SHAPE, "CS", pad(b"\\".join(shapes), "CS")) if any(shapes) else None

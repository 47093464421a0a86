"""Shutters of presentation states: what covers the edge of a picture stays, unless an overlay draws it."""

from ..files.representations import pad
from ..files.tree import Element

SHUTTER_SHAPE, SHUTTER_OVERLAY = 0x00181600, 0x00181623
_BITMAP = b"BITMAP"


def without_bitmap(shape: Element) -> Element | None:
    """A Shutter Shape (0018,1600) without the one that an overlay draws, since overlays go; None if none is left.

    PS3.3 sections C.7.6.11 and C.7.6.15.
    """
    if shape.items is not None:
        return None
    shapes = [value for value in shape.values() if value != _BITMAP]
    return Element(SHUTTER_SHAPE, "CS", pad(b"\\".join(shapes), "CS")) if any(shapes) else None

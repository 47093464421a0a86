"""What was found in a picture, as it is kept with an image (objects of a Finding and a Shown). Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from core.texts import gettext_noop as _

#: What was found, by its kind (curation/pixels/task.py: Kind).
WORDS = {
    "text": _("writing"),
    "device": _("where this device writes"),
    "outside": _("outside what the ultrasound device shows of the body"),
    "hidden": _("something in bits that no picture shows"),
    "drawn": _("drawn by a curator"),
}
#: The longer edge of a picture of one frame, in pixels.
EDGE = 1024


class Box(NamedTuple):
    """A rectangle in pixels of a picture or of an image: its left column and top row (from 0), width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is not in it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row that is not in it."""
        return self.top + self.height

    def meets(self, other: "Box") -> bool:
        """Whether the two share a pixel."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Place(NamedTuple):
    """A frame (from 0) in a picture: where it stands, and picture pixels for each of its own."""

    frame: int
    box: Box
    scale: float

    def in_picture(self, region: Box) -> Box:
        """A region of the image, in pixels of the picture."""
        return Box(
            self.box.left + round(region.left * self.scale),
            self.box.top + round(region.top * self.scale),
            max(round(region.width * self.scale), 1),
            max(round(region.height * self.scale), 1),
        )


def box_of(kept: Mapping[str, int] | Sequence[int]) -> Box:
    """A rectangle as it is kept: an object, or four numbers."""
    if isinstance(kept, Mapping):
        return Box(kept["left"], kept["top"], kept["width"], kept["height"])
    return Box(*kept)


def places(sheet: Iterable[Mapping[str, Any]], *, columns: int, rows: int, frames: int = 1) -> list[Place]:
    """The frames that a picture shows; without a note of them, a single one that is no larger than EDGE either way."""
    kept = [Place(each["frame"], box_of(each["region"]), float(each["scale"])) for each in sheet]
    if kept or not columns or not rows or frames != 1:
        return kept
    scale = min(1.0, EDGE / max(columns, rows))
    return [Place(0, Box(0, 0, max(round(columns * scale), 1), max(round(rows * scale), 1)), scale)]


def is_held(found: Iterable[Mapping[str, Any]]) -> bool:
    """Whether something was found in an image that a person has to decide on; markings of sides and views are not."""
    return any(not mark.get("blanked", False) and mark.get("kind") != "marker" for mark in found)

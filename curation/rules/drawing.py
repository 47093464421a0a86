"""Regions that curators draw: what they may look like. Plain Python."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from core.texts import gettext_noop as _

#: More than anyone draws in one go.
MOST_REGIONS = 200


class Drawing(NamedTuple):
    """A rectangle in pixels of an image; `image` None is every image of the series, `frame` None every frame."""

    image: UUID | None
    frame: int | None
    left: int
    top: int
    width: int
    height: int


class Size(NamedTuple):
    """An image: how many columns, rows and frames it has."""

    columns: int
    rows: int
    frames: int


def mistake(drawing: Drawing, sizes: Mapping[UUID, Size]) -> str:
    """What is wrong with a region, as a sentence; empty where nothing is.

    It must lie in its image, or, where it is meant for all, in one of them: in smaller ones the part that there is
    goes.
    """
    if drawing.image is not None and drawing.image not in sizes:
        return _("A region is in no image of this series.")
    if min(drawing.left, drawing.top) < 0 or min(drawing.width, drawing.height) < 1:
        return _("A region must be at least one pixel wide and high, and begin inside the picture.")
    meant = sizes.values() if drawing.image is None else [sizes[drawing.image]]
    if not any(_fits(drawing, size) for size in meant):
        return _("A region reaches beyond the picture. Give its place in pixels of the image.")
    return ""


def _fits(drawing: Drawing, size: Size) -> bool:
    return (
        drawing.left + drawing.width <= size.columns
        and drawing.top + drawing.height <= size.rows
        and (drawing.frame is None or 0 <= drawing.frame < size.frames)
    )

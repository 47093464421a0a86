"""Where an ultrasound picture shows the body: its Sequence of Ultrasound Regions (PS3.3 section C.8.5.5).

Devices write names beside what they measure, so that everything outside of the regions can go. A description is
believed only where it can be: every region lies within the frame, and they leave a margin, as measurements do.
"""

from ..files.tree import Dataset, Element, find
from .header import COLUMNS, ROWS, Header, number
from .plan import Region

_SPATIAL_FORMAT, _DATA_TYPE = 0x00186012, 0x00186014
_BOUNDS = (0x00186018, 0x0018601A, 0x0018601C, 0x0018601E)
# Spatial formats that show what was measured: 2D, M-mode, spectral, waveform. 0 is none, 5 is graphics.
_MEASURED = frozenset({1, 2, 3, 4})
# Data types that are no measurement: none, bars of greys and of colours.
_DRAWN = frozenset({0, 0xD, 0xE})
_MOST = 100
# Regions that leave less than this share of a frame outside say nothing about where writing stands.
_MARGIN = 0.05
_MOST_OF_A_ROW = 0.9


def regions_kept(header: Header) -> tuple[tuple[Region, ...], str]:
    """The regions of which the content stays, in pixels; or none, and the code of the reason why nothing is known."""
    items = header.regions.items if header.regions is not None else None
    if not items:
        return (), "no_regions"
    height, width = header.number(ROWS), header.number(COLUMNS)
    if len(items) > _MOST or not height or not width:
        return (), "regions_unusable"
    found = [_region(item, header.little) for item in items if _measured(item, header.little)]
    kept = tuple(dict.fromkeys(region for region in found if region is not None))
    if not kept or None in found or not all(_inside(region, width, height) for region in kept):
        return (), "regions_unusable"
    return ((), "regions_say_nothing") if _says_nothing(kept, width, height) else (kept, "")


def _measured(item: Dataset, little: bool) -> bool:
    """Whether a region shows a measurement; text and graphics, or what does not say what it is, are not kept."""
    return _number(item, _SPATIAL_FORMAT, little) in _MEASURED and _number(item, _DATA_TYPE, little) not in _DRAWN


def _region(item: Dataset, little: bool) -> Region | None:
    """A region by its first and last column and row, both of which belong to it; None where that is none."""
    elements = [find(item, tag) for tag in _BOUNDS]
    if not all(_is_number(element) for element in elements):
        return None
    left, top, right, bottom = (number(element, little) for element in elements if element is not None)
    return Region(left, top, right - left + 1, bottom - top + 1) if right > left and bottom > top else None


def _is_number(element: Element | None) -> bool:
    return element is not None and element.vr == "UL" and len(element.value) == 4


def _number(item: Dataset, tag: int, little: bool) -> int:
    element = find(item, tag)
    return 0 if element is None else number(element, little)


def _inside(region: Region, width: int, height: int) -> bool:
    return region.left + region.width <= width and region.top + region.height <= height


def _says_nothing(kept: tuple[Region, ...], width: int, height: int) -> bool:
    """Whether the regions fill the frame, or one of them its upper edge, where names stand."""
    if sum(region.width * region.height for region in kept) >= (1 - _MARGIN) * width * height:
        return True
    return any(region.top == 0 and region.width >= _MOST_OF_A_ROW * width for region in kept)

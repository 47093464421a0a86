"""What is to be done about a file's picture, from its header: clear, clean, look, or refused; none is decoded."""

from collections.abc import Collection
from typing import TypeAlias

from ..files.tree import Dataset
from ..reasons import Refused
from ..standard.sop_classes import MAPS, REPORTS, SPECTRA, ULTRASOUND, WITHOUT_PICTURE, refusal
from .criteria import doubts
from .devices import Layout, layouts, within
from .encapsulation import EXTENDED_LENGTHS, EXTENDED_OFFSETS
from .header import (
    BURNED_IN,
    COLUMNS,
    FRAMES,
    MODALITY,
    PICTURES,
    READ,
    RECOGNIZABLE,
    ROWS,
    SPECIMEN_LABEL,
    Header,
    header_of,
)
from .hidden import expected_bytes, overlay_in_pixels, refuse_hidden
from .plan import PixelPlan, Region
from .regions import regions_kept

__all__ = ["COLUMNS", "FRAMES", "JUDGED", "MODALITY", "ROWS", "expected_bytes", "pixel_plan"]
#: The root attributes, beside overlays, on which it depends whether an object may be cleaned, and how its picture is.
JUDGED = READ | {0x00080005, 0x00080016, 0x00080018, 0x0020000D, 0x0020000E, EXTENDED_LENGTHS, EXTENDED_OFFSETS}
#: Doubts that no knowledge of where writing stands removes: the picture itself shows somebody, or is a paper.
_WHOLE_PICTURE = frozenset({"says_face", "photograph", "scanned"})
#: With these an ultrasound picture is no plain one, so that its regions are not all that counts.
_NO_PLAIN_ULTRASOUND = frozenset({"screen", "series_named", "converted", "modality_unfit"})
#: Plans, with how many bytes a picture has, by all that the header says about it: the images of a series say the same.
Plans: TypeAlias = dict[tuple[object, ...], tuple[PixelPlan, int]]
_MOST_PLANS = 64


def pixel_plan(
    dataset: Dataset,
    sop_class: str,
    transfer_syntax: str,
    little: bool,
    options: Collection[str] = frozenset(),
    plans: Plans | None = None,
) -> PixelPlan:
    """The decision about one picture; raises Refused where the file is of a kind that cannot be shared at all.

    `dataset`: root elements, JUDGED and overlays among them. `options`: the profile's; without one that cleans reports
    those are refused. `plans` remembers decisions for the next files.
    """
    reason = refusal(sop_class, options)
    if reason:
        raise Refused(reason)
    plan, expected = _remembered(dataset, sop_class, little, {} if plans is None else plans)
    refuse_hidden(dataset, transfer_syntax, expected)
    return _with_hidden(plan) if overlay_in_pixels(dataset, little) else plan


def _remembered(dataset: Dataset, sop_class: str, little: bool, plans: Plans) -> tuple[PixelPlan, int]:
    """What follows from the header, found out once for files whose headers say the same; raises Refused."""
    said = [element for element in dataset if element.tag in READ]
    if [element for element in said if element.items is not None]:
        return _decided(said, sop_class, little), expected_bytes(said, little)
    place = (sop_class, little, *[(e.tag, e.tag in PICTURES or (e.vr, bytes(e.value))) for e in said])
    found = plans.get(place)
    if found is None:
        if len(plans) >= _MOST_PLANS:
            plans.clear()
        found = plans[place] = _decided(said, sop_class, little), expected_bytes(said, little)
    return found


def _decided(said: Dataset, sop_class: str, little: bool) -> PixelPlan:
    header = header_of(said, little)
    if header.text(SPECIMEN_LABEL) == "YES" or {"LABEL", "OVERVIEW"}.intersection(header.image_type):
        raise Refused("slide_label")
    return _without_picture(header, sop_class) or _planned(header, sop_class)


def _without_picture(header: Header, sop_class: str) -> PixelPlan | None:
    """The decision about a result that follows from other images; None for what is a picture itself."""
    if sop_class not in WITHOUT_PICTURE | REPORTS | SPECTRA:
        return None
    said = tuple(
        code for code, tag in (("says_burned_in", BURNED_IN), ("says_face", RECOGNIZABLE)) if _says(header, tag)
    )
    if said or (header.pixels is not None and sop_class not in MAPS):
        return PixelPlan("look", said or ("attached_picture",))
    return PixelPlan("clear", ("numbers" if header.pixels is not None else "without_picture",))


def _says(header: Header, tag: int) -> bool:
    return header.text(tag) not in ("", "NO")


def _planned(header: Header, sop_class: str) -> PixelPlan:
    """The decision about a picture, by the criteria, by an ultrasound device's regions and by the catalogue."""
    against = tuple(doubts(header, sop_class))
    rows = layouts(header, sop_class)
    if not against and not rows:
        return PixelPlan("clear", ("acquired",))
    keep, unknown = regions_kept(header) if sop_class in ULTRASOUND else ((), "")
    plan = _known_places(header, rows, keep, bool(against))
    by_regions = bool(keep) and not _NO_PLAIN_ULTRASOUND.intersection(against)
    by_device = bool(rows) and all(row.verified_by for row in rows) and bool(plan.blank or plan.keep)
    known = (by_regions or by_device) and not _WHOLE_PICTURE.intersection(against)
    why = [*against, *([unknown] if unknown else []), *(["regions"] if by_regions else [])]
    if rows:
        why.append("device" if by_device else "device_unverified")
    return plan._replace(risk="clean" if known else "look", reasons=tuple(why))


def _known_places(header: Header, rows: list[Layout], keep: tuple[Region, ...], doubted: bool) -> PixelPlan:
    """What is blanked and kept. An unverified row takes nothing out of a picture of which only that row makes doubt."""
    used = [row for row in rows if row.verified_by or doubted]
    blank = within(tuple(region for row in used for region in row.blank), header)
    keep = keep or within(next((row.keep for row in used if row.keep and row.verified_by), ()), header)
    return PixelPlan(blank=blank, keep=keep, device=rows[0].id if rows else "")


def _with_hidden(plan: PixelPlan) -> PixelPlan:
    """A clear picture with something in its unused bits is one to be cleaned."""
    risk = "clean" if plan.risk == "clear" else plan.risk
    return plan._replace(risk=risk, reasons=(*plan.reasons, "hidden_bits"), hidden_bits=True)

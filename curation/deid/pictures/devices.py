"""The catalogue of layouts: where known devices write on their pictures, and who vouches for each row of it.

A row that our own people have not verified never makes anything pass: it is a reason to look, and on pictures that are
not clear in any case its regions are blanked before a person looks.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from ..resources import load
from .header import BURNED_IN, COLUMNS, IMAGE_TYPE, MANUFACTURER, MODALITY, MODEL, ROWS, SERIES_NAME, SOFTWARE, Header
from .plan import Region

#: Fields of a row, of which one text each must occur in an attribute.
TEXTS = {
    "model": MODEL,
    "software": SOFTWARE,
    "image_type": IMAGE_TYPE,
    "series": SERIES_NAME,
    "burned_in": BURNED_IN,
}
SIZES = {"rows": ROWS, "columns": COLUMNS}


class Layout(NamedTuple):
    """A row: what must be in a header, which regions are blanked or kept, who vouches, and whether we verified it.

    `texts`: pairs of a tag and texts of which one must occur. `sizes`: pairs of a tag and numbers of which one it is.
    `verified_by`: who of our own people has compared the row with pictures of the device; empty where nobody has.
    """

    id: str
    modality: str
    manufacturer: tuple[str, ...]
    texts: tuple[tuple[int, tuple[str, ...]], ...]
    sizes: tuple[tuple[int, tuple[int, ...]], ...]
    sop_class: tuple[str, ...]
    blank: tuple[Region, ...]
    keep: tuple[Region, ...]
    vouched_by: str
    verified_by: str

    def fits(self, header: Header, sop_class: str) -> bool:
        """Whether a header is one of this device, of these pictures."""
        maker = f" {header.text(MANUFACTURER)}"
        return (
            (not self.manufacturer or any(f" {name}" in maker for name in self.manufacturer))
            and all(header.number(tag) in numbers for tag, numbers in self.sizes)
            and all(any(text in header.text(tag) for text in texts) for tag, texts in self.texts)
            and (not self.sop_class or sop_class in self.sop_class)
        )


@cache
def catalogue() -> dict[str, tuple[Layout, ...]]:
    """All rows by modality; those that name none under an empty text."""
    found: dict[str, list[Layout]] = {}
    for row in load("devices.json")["rows"]:
        for modality in row.get("modality", [""]):
            found.setdefault(modality.upper(), []).append(layout(row, modality.upper()))
    return {modality: tuple(rows) for modality, rows in found.items()}


def layout(row: Mapping[str, Any], modality: str) -> Layout:
    """One row of devices.json, in upper case as headers are compared."""
    return Layout(
        id=row["id"],
        modality=modality,
        manufacturer=_upper(row.get("manufacturer", ())),
        texts=tuple((tag, _upper(row[name])) for name, tag in TEXTS.items() if name in row),
        sizes=tuple((tag, tuple(row[name])) for name, tag in SIZES.items() if name in row),
        sop_class=tuple(row.get("sop_class", ())),
        blank=tuple(Region(*each) for each in row.get("blank", ())),
        keep=tuple(Region(*each) for each in row.get("keep", ())),
        vouched_by=row["vouched_by"],
        verified_by=row["verified_by"],
    )


def _upper(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.upper() for text in texts)


def layouts(header: Header, sop_class: str) -> list[Layout]:
    """The rows that fit a header; those that name most come first."""
    known = catalogue()
    rows = (*known.get(header.text(MODALITY), ()), *known.get("", ()))
    return sorted((row for row in rows if row.fits(header, sop_class)), key=lambda row: -_named(row))


def within(regions: tuple[Region, ...], header: Header) -> tuple[Region, ...]:
    """The regions cut to the frame; those outside of it are none."""
    width, height = header.number(COLUMNS), header.number(ROWS)
    cut = (
        Region(r.left, r.top, min(r.width, width - r.left), min(r.height, height - r.top))
        for r in regions
        if r.left < width and r.top < height
    )
    return tuple(dict.fromkeys(cut))


def _named(row: Layout) -> int:
    return len(row.texts) + len(row.sizes) + bool(row.manufacturer) + bool(row.sop_class)

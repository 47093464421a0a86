"""How stored values become brightness: rescaling, window, palette (PS3.3 sections C.11.1, C.11.2 and C.7.6.3.1.5)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels import apply_color_lut, apply_modality_lut

from curation.pixels.limits import refuse_unless
from curation.pixels.native import Cells

Shades = NDArray[np.float32]


class Looks(NamedTuple):
    """How values of a grey frame become brightness.

    `slope`, `intercept`: of the modality; `table`: its look-up table as a data set, where it has one. `window`: centre
    and width, in the modality's units. `inverted`: low values are bright.
    """

    slope: float
    intercept: float
    window: tuple[float, float] | None
    inverted: bool
    table: Dataset | None = None

    def __repr__(self) -> str:
        """Numbers only."""
        return f"{self.slope} {self.intercept} {self.window} {self.inverted}"


def looks_of(header: Dataset, index: int) -> Looks:
    """The looks of frame `index`: its own functional groups come before those that all share, and before the root.

    (PS3.3 sections C.7.6.16.2.9 and C.7.6.16.2.10.)
    """
    transformation = _group(header, index, "PixelValueTransformationSequence") or header
    window = _group(header, index, "FrameVOILUTSequence") or header
    center, width = first(window.get("WindowCenter")), first(window.get("WindowWidth"))
    has_window = center is not None and width is not None and width >= 1
    return Looks(
        slope=_or(first(transformation.get("RescaleSlope")), 1.0),
        intercept=_or(first(transformation.get("RescaleIntercept")), 0.0),
        window=(center or 0.0, width or 0.0) if has_window else None,
        inverted=header.get("PhotometricInterpretation") == "MONOCHROME1",
        table=header if _has_table(header) else None,
    )


def _has_table(header: Dataset) -> bool:
    """Whether there is a modality's look-up table, and not an empty item in place of one."""
    tables = header.get("ModalityLUTSequence")
    return bool(tables) and bool(tables[0].get("LUTDescriptor")) and bool(tables[0].get("LUTData"))


def modality(values: Cells, looks: Looks) -> Shades:
    """Values in the modality's units."""
    if looks.table is not None:
        return np.asarray(apply_modality_lut(values, looks.table), np.float32)
    scaled = values.astype(np.float32)
    if (looks.slope, looks.intercept) != (1.0, 0.0):
        scaled = scaled * np.float32(looks.slope) + np.float32(looks.intercept)
    return np.nan_to_num(scaled, nan=0.0)


def gray(values: Cells, looks: Looks) -> NDArray[np.uint8]:
    """Brightness in eight bits by the linear window (PS3.3 section C.11.2.1.2.1).

    Without a window, and where it would show one even grey, the darkest value is black and the brightest white. A frame
    of one value is black.
    """
    scaled = modality(values, looks)
    least, most = float(scaled.min()), float(scaled.max())
    if least == most:  # nothing can be seen there, whichever end of the scale it is
        return np.zeros(values.shape, np.uint8)
    low, high = edges(looks.window, least, most)
    shades: NDArray[np.uint8] = np.clip((scaled - low) * (255 / max(high - low, 1e-6)), 0, 255).astype(np.uint8)
    return ~shades if looks.inverted else shades


def edges(window: tuple[float, float] | None, least: float, most: float) -> tuple[float, float]:
    """Up to which value all is black, and from which all is white."""
    if window is None:
        return least, most
    center, width = window
    low, high = center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2
    return (least, most) if high <= least or low >= most else (low, high)


def palette_colours(values: Cells, header: Dataset) -> NDArray[np.uint8]:
    """Indices as the colours for which they stand, also where the tables are segmented: rows x columns x 3."""
    colours = apply_color_lut(values, header)
    refuse_unless(colours.ndim == 3 and colours.shape[-1] == 3)
    if colours.dtype == np.uint8:
        return np.ascontiguousarray(colours)
    # Tables of 16 bits; some devices fill only the lower eight of them.
    down = 8 if int(colours.max()) > 255 else 0
    return (colours >> down).astype(np.uint8)


def first(value: object) -> float | None:
    """The first of one or several numbers; None where there is none."""
    if isinstance(value, MultiValue):
        value = value[0] if value else None
    return None if value is None or value == "" else float(str(value))


def _or(number: float | None, default: float) -> float:
    return default if number is None else number


def _group(header: Dataset, index: int, keyword: str) -> Dataset | None:
    """A frame's item of a functional group."""
    frames, shared = header.get("PerFrameFunctionalGroupsSequence"), header.get("SharedFunctionalGroupsSequence")
    for item in (frames[index] if frames and index < len(frames) else None, shared[0] if shared else None):
        group = item.get(keyword) if item is not None else None
        if group:
            return group[0]  # type: ignore[no-any-return]  # pydicom types no items of sequences
    return None

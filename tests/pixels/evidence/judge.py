"""Says what became of each string: cleaned, held, or missed. Looks at pixels alone; no reading of text is involved."""

import warnings
from collections.abc import Sequence
from enum import StrEnum
from io import BytesIO

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

from .made import Made
from .writing import Planted

#: What a lossy codec may leave of evenness, as a part of the range of the picture.
_UNEVEN = 0.06
#: So many of the pixels beside the letters must be as the letters are: a region may end within a smoothed rim.
_ALIKE = 0.95


#: In spreads of the noise around: what differs less is faint.
FAINTEST = 2.0


class Fate(StrEnum):
    """What may become of a string."""

    CLEANED = "cleaned"  # its pixels are as even as what is around them
    HELD = "held"  # a person looks before anyone else does, or the file stays in quarantine
    MISSED = "missed"  # shared, and still there
    FAINT = "faint"  # shared and still there, but fainter than twice the noise around it


def values(data: bytes) -> tuple[Dataset, np.ndarray]:
    """Everything that is stored, spare bits included: frames x rows x columns x samples; by pydicom alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = dcmread(BytesIO(data))
        found = pixel_array(ds, raw=True)
        if not ds.file_meta.TransferSyntaxUID.is_compressed and ds.SamplesPerPixel == 1 and ds.BitsAllocated > 1:
            count = int(ds.get("NumberOfFrames") or 1) * ds.Rows * ds.Columns
            order = ">" if ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.2" else "<"
            found = np.frombuffer(ds.PixelData, f"{order}{found.dtype.kind}{ds.BitsAllocated // 8}", count)
    samples = int(ds.SamplesPerPixel)
    return ds, found.reshape(int(ds.get("NumberOfFrames") or 1), ds.Rows, ds.Columns, samples).astype(np.int64)


def left(made: Made, output: bytes, lossy: bool) -> list[Planted]:
    """The strings that are still there in an output."""
    if made.gone is not None:
        return [] if made.gone(dcmread(BytesIO(output))) else list(made.planted)
    _, found = values(output)
    span = max(1, int(found.max() - found.min()))
    return [each for each in made.planted if not _even(found[each.frame], each, span if lossy else 0)]


def _even(frame: np.ndarray, planted: Planted, span: int) -> bool:
    """Whether letters and what touches them are one tone. `span`: the picture's range, 0 where it must be exact."""
    rows, columns = planted.box
    ink = np.pad(planted.ink, 1)
    top, start = max(0, rows.start - 1), max(0, columns.start - 1)
    part = frame[top : rows.stop + 1, start : columns.stop + 1]
    ink = ink[top - rows.start + 1 :, start - columns.start + 1 :][: part.shape[0], : part.shape[1]]
    near = _grown(ink) & ~ink
    fill = np.median(part[ink], axis=0)
    allowed = span * _UNEVEN
    return bool((np.abs(part[ink] - fill) <= allowed).all() and (np.abs(part[near] - fill) <= allowed).mean() >= _ALIKE)


def _grown(ink: np.ndarray) -> np.ndarray:
    out = ink.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            out |= np.roll(ink, (down, right), (0, 1))
    return out


def fate_of(planted: Planted, is_left: bool, is_held: bool) -> Fate:
    """What became of a string of which it is known whether it is still there and whether a person looks."""
    if is_held:
        return Fate.HELD
    if not is_left:
        return Fate.CLEANED
    return Fate.FAINT if planted.clearness < FAINTEST else Fate.MISSED


def covered(planted: Planted, areas: Sequence[tuple[int | None, tuple[int, int, int, int]]]) -> float:
    """Which part of the ink lies in areas: each a frame (None is every one), left, top, width and height."""
    inside = np.zeros(planted.ink.shape, bool)
    for frame, (x, y, width, height) in areas:
        if frame is None or frame == planted.frame:
            top, start = y - planted.top, x - planted.left
            inside[max(0, top) : max(0, top + height), max(0, start) : max(0, start + width)] = True
    return float((inside & planted.ink).sum() / planted.ink.sum())


def changed(source: bytes, output: bytes, areas: Sequence[tuple[int | None, tuple[int, int, int, int]]]) -> int:
    """How many pixels outside of the areas are not what they were."""
    (_, before), (_, after) = values(source), values(output)
    if before.shape != after.shape:
        return max(before.size, after.size)
    differ = (before != after).any(axis=-1)
    for frame, (x, y, width, height) in areas:
        which = slice(None) if frame is None else slice(frame, frame + 1)
        differ[which, max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = False
    return int(differ.sum())

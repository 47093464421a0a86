"""What a header says about the form of a picture's frames, checked against itself (PS3.3 section C.7.6.3)."""

from typing import NamedTuple

import numpy as np
from pydicom import Dataset

from curation.pixels.limits import (
    BROKEN,
    MOST_BYTES,
    MOST_FRAMES,
    MOST_VALUES,
    TOO_LARGE,
    refuse_unless,
)

GRAY = frozenset({"MONOCHROME1", "MONOCHROME2"})
PALETTE = "PALETTE COLOR"
ONE_SAMPLE = GRAY | {PALETTE}
YBR = frozenset({"YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"})
COLOUR = YBR | {"RGB", "YBR_ICT", "YBR_RCT"}
#: Two pixels share their colour, where the picture is not compressed (PS3.3 section C.7.6.3.1.2).
HALVED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})
_ALLOCATED = frozenset({1, 8, 16, 32, 64})
_FLOATS = {"FloatPixelData": 32, "DoubleFloatPixelData": 64}


class Layout(NamedTuple):
    """The form of every frame of a picture.

    `allocated`, `stored`, `high`: bits of a cell, those of its value, and the highest of them. `planar`: colours stand
    one plane after the other. `real`: floating point numbers (PS3.3 sections C.7.6.24 and C.7.6.25).
    """

    frames: int
    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int
    high: int
    signed: bool
    photometric: str
    planar: bool
    real: bool

    @property
    def values(self) -> int:
        """How many values a frame has."""
        return self.rows * self.columns * self.samples

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a frame: rows x columns, or rows x columns x samples."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """What a cell is held in: an unsigned number with all of its bits, or a floating point number."""
        return np.dtype(f"{'f' if self.real else 'u'}{max(self.allocated // 8, 1)}")


def layout_of(header: Dataset, keyword: str) -> Layout:
    """The layout that a header gives for its pixels in the attribute `keyword`.

    Raises CannotShow where it contradicts itself or claims more than the limits.
    """
    real = keyword in _FLOATS
    allocated = _number(header, "BitsAllocated", _FLOATS.get(keyword, 0))
    stored = allocated if real else _number(header, "BitsStored", allocated)
    made = Layout(
        frames=_number(header, "NumberOfFrames", 1) or 1,
        rows=_number(header, "Rows"),
        columns=_number(header, "Columns"),
        samples=_number(header, "SamplesPerPixel", 1),
        allocated=allocated,
        stored=stored,
        high=allocated - 1 if real else _number(header, "HighBit", stored - 1),
        signed=not real and _number(header, "PixelRepresentation") == 1,
        photometric=str(header.get("PhotometricInterpretation") or "").strip().upper(),
        planar=_number(header, "PlanarConfiguration") == 1,
        real=real,
    )
    _check(made, _FLOATS.get(keyword))
    return made


def _check(made: Layout, float_bits: int | None) -> None:
    refuse_unless(min(made.rows, made.columns, made.samples, made.frames) > 0)
    refuse_unless(made.values <= MOST_VALUES and made.frames <= MOST_FRAMES, TOO_LARGE)
    refuse_unless(made.allocated in _ALLOCATED and 0 < made.stored <= made.allocated)
    refuse_unless(made.stored - 1 <= made.high < made.allocated)
    refuse_unless(float_bits is None or made.allocated == float_bits)
    one = made.samples == 1 and made.photometric in ONE_SAMPLE
    refuse_unless(one or (made.samples == 3 and made.photometric in COLOUR), BROKEN)
    refuse_unless(not made.real or made.photometric in GRAY)
    refuse_unless(one or 8 <= made.allocated <= 32)
    refuse_unless(made.values * made.allocated // 8 <= MOST_BYTES, TOO_LARGE)


def _number(header: Dataset, keyword: str, default: int = 0) -> int:
    value = header.get(keyword)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        refuse_unless(False)
        raise

"""Turns frames of values from 0 to 1 into what a file holds, in each photometric interpretation and depth."""

from typing import NamedTuple

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels import convert_color_space


class Depth(NamedTuple):
    """How values are stored: bits allocated, stored, whether signed, and which stored values the window shows."""

    allocated: int
    stored: int
    signed: bool
    black: int
    white: int


DEPTHS = {
    "8": Depth(8, 8, False, 0, 255),
    "10": Depth(16, 10, False, 0, 1023),
    "12": Depth(16, 12, False, 700, 2700),
    "16": Depth(16, 16, False, 8_000, 40_000),
    "16 signed": Depth(16, 16, True, -160, 840),
    "12 signed": Depth(16, 12, True, -160, 840),
}
GREY = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_LUMA = np.array([0.299, 0.587, 0.114])


def stored(values: np.ndarray, photometric: str, depth: str) -> np.ndarray:
    """Stored values of frames (count x rows x columns, with samples or without) of values from 0 to 1."""
    if photometric in GREY:
        grey = values @ _LUMA if values.ndim == 4 else values
        return _scaled(1 - grey if photometric == "MONOCHROME1" else grey, DEPTHS[depth])
    colour = values if values.ndim == 4 else np.repeat(values[..., None], 3, axis=3)
    return _scaled(colour, DEPTHS[depth])


def _scaled(values: np.ndarray, depth: Depth) -> np.ndarray:
    low, high = (
        (-(1 << depth.stored - 1), (1 << depth.stored - 1) - 1) if depth.signed else (0, (1 << depth.stored) - 1)
    )
    numbers = np.rint(depth.black + values * (depth.white - depth.black)).clip(low, high)
    return numbers.astype(f"{'i' if depth.signed else 'u'}{depth.allocated // 8}")


def describe(ds: Dataset, frames: np.ndarray, photometric: str, depth: str, planar: int = 0) -> None:
    """Says in the header what the frames are like."""
    how = DEPTHS[depth]
    ds.Rows, ds.Columns = frames.shape[1:3]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = (3 if frames.ndim == 4 else 1), photometric
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = how.allocated, how.stored, how.stored - 1
    ds.PixelRepresentation = int(how.signed)
    if len(frames) > 1:
        ds.NumberOfFrames = len(frames)
    if frames.ndim == 4:
        ds.PlanarConfiguration = planar
    elif photometric == "PALETTE COLOR":
        sepia(ds, how)
    else:
        _window(ds, how)


def _window(ds: Dataset, how: Depth) -> None:
    """The window that shows black and white as they are meant, after the rescaling that the header says."""
    slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
    if how.signed and intercept:
        ds.RescaleIntercept, intercept = "0", 0.0
    ds.WindowCenter = (how.black + how.white) / 2 * slope + intercept
    ds.WindowWidth = (how.white - how.black) * slope


def sepia(ds: Dataset, how: Depth) -> None:
    """A palette in which each index is as light as it is high (PS3.3 section C.7.6.3.1.5)."""
    entries = 1 << how.stored
    ramp = (np.arange(entries) * (65535 / (entries - 1))).astype("<u2")
    for name, part in (("Red", 1.0), ("Green", 0.95), ("Blue", 0.85)):
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [entries % 65536, 0, 16])
        setattr(ds, f"{name}PaletteColorLookupTableData", (ramp * part).astype("<u2").tobytes())


def as_ybr(frames: np.ndarray) -> np.ndarray:
    """YBR_FULL of RGB (PS3.3 section C.7.6.3.1.2)."""
    return convert_color_space(frames, "RGB", "YBR_FULL")


def halved(frames: np.ndarray) -> np.ndarray:
    """YBR_FULL_422 as it is stored uncompressed: two luminances, then both colours of the two pixels."""
    ybr = as_ybr(frames).astype(int)
    even, odd = ybr[:, :, 0::2], ybr[:, :, 1::2]
    colours = (even[..., 1:] + odd[..., 1:]) // 2
    return np.concatenate([even[..., :1], odd[..., :1], colours], axis=-1).astype(np.uint8)

"""Real CT and MR slices, cut to the part of the picture that shows a body, from which the cohort's images are made."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from portal.story.cohort.carried import carried

AIR = -1000.0  # Hounsfield units


@dataclass(frozen=True)
class Region:
    """A square of one carried file: its centre and side as fractions of the picture's width, and what it shows."""

    file: str
    modality: str
    body_part: str
    centre: tuple[float, float]
    side: float


REGIONS = (
    Region("693_UNCR.dcm", "CT", "HEAD", (0.53, 0.53), 0.72),
    Region("J2K_pixelrep_mismatch.dcm", "CT", "HEAD", (0.53, 0.50), 0.86),
    Region("explicit_VR-UN.dcm", "CT", "ABDOMEN", (0.48, 0.50), 0.80),
    Region("MR-SIEMENS-DICOM-WithOverlays.dcm", "MR", "ABDOMEN", (0.52, 0.45), 0.86),
    Region("MR2_UNCR.dcm", "MR", "SHOULDER", (0.50, 0.50), 0.98),
    Region("CT_small.dcm", "CT", "SPINE", (0.50, 0.50), 1.0),
)


def regions(modality: str) -> tuple[Region, ...]:
    """The regions of one modality, "CT" or "MR"."""
    return tuple(region for region in REGIONS if region.modality == modality)


@cache
def picture(file: str) -> NDArray[np.float32]:
    """The carried file's picture, rows x columns: Hounsfield units for CT, arbitrary units from 0 for MR."""
    dataset = dcmread(carried(file))
    stored: NDArray[np.float32] = dataset.pixel_array.astype(np.float32)
    if dataset.Modality == "CT":
        slope, intercept = float(dataset.get("RescaleSlope", 1)), float(dataset.get("RescaleIntercept", 0))
        return (stored * slope + intercept).clip(AIR, 3000)
    return stored * np.float32(1000 / np.percentile(stored, 99.5))


def body(picture: NDArray[np.float32], modality: str) -> NDArray[np.bool_]:
    """Where the picture shows a body and not air, same shape."""
    return picture > (-300 if modality == "CT" else 60)

"""What is measured in one image, and how a donor's images are summed up."""

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels import apply_modality_lut
from scipy import ndimage

Image = NDArray[np.float64]
BINS = 16
MOST_FRAMES = 8
SPOT_MEASURES = ("strongest", "second", "contrast", "prominence")


def read_images(path: str, size: int) -> list[Image]:
    """The frames of one DICOM file in grey, each scaled to 0..1, the shorter side at most `size` pixels.

    Raises an exception of pydicom's for a file without readable pixels; values outside the 0.5th to 99.9th
    percentile are cut off.
    """
    dataset = pydicom.dcmread(path)
    pixels = np.asarray(apply_modality_lut(dataset.pixel_array, dataset), dtype=np.float64)
    if int(dataset.get("SamplesPerPixel", 1)) > 1:
        pixels = pixels.mean(axis=-1)
    frames = pixels.reshape((-1, *pixels.shape[-2:]))
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), MOST_FRAMES)).round().astype(int))
    images = [_scaled(frames[index], size) for index in chosen]
    return [1 - image for image in images] if dataset.get("PhotometricInterpretation") == "MONOCHROME1" else images


def _scaled(frame: Image, size: int) -> Image:
    low, high = np.percentile(frame, (0.5, 99.9))
    image = np.clip((frame - low) / max(high - low, 1e-9), 0, 1)
    shorter = min(image.shape)
    return image if shorter <= size else ndimage.zoom(image, size / shorter, order=1)


def measure(image: Image, radii: list[float], spots_only: bool) -> Image:
    """One row of numbers for one image: spots at each radius, then brightness, histogram and edges."""
    spots = [value for radius in radii for value in _spots(image, radius)]
    if spots_only:
        return np.array(spots)
    histogram = np.histogram(image, bins=BINS, range=(0, 1))[0] / image.size
    edges = ndimage.gaussian_gradient_magnitude(image, 1.0)
    general = [image.mean(), image.std(), np.median(image), edges.mean(), edges.std(), float(np.percentile(edges, 99))]
    return np.array([*spots, *general, *histogram])


def _spots(image: Image, radius: float) -> list[float]:
    """How much of a bright round spot of this radius there is (Lindeberg 1998: scale-normalised second derivatives).

    A bright disc curves down in every direction, an edge or a vessel in one alone; so the weaker of the two
    curvatures is what tells them apart. A disc of radius r answers most at sigma = r / sqrt(2).
    """
    sigma = radius / np.sqrt(2)
    smooth = ndimage.gaussian_filter(image, sigma, mode="nearest")
    by_row, by_column = np.gradient(smooth)
    rr, rc = np.gradient(by_row)
    cc = np.gradient(by_column, axis=1)
    spread = np.sqrt(((rr - cc) / 2) ** 2 + rc**2)
    weaker = -((rr + cc) / 2 + spread) * sigma**2
    weaker = np.maximum(weaker, 0)
    row, column = np.unravel_index(np.argmax(weaker), weaker.shape)
    strongest = float(weaker[row, column])
    around = int(np.ceil(2 * radius))
    patch = smooth[max(0, row - around) : row + around + 1, max(0, column - around) : column + around + 1]
    contrast = float(smooth[row, column] - np.median(patch))
    weaker[max(0, row - around) : row + around + 1, max(0, column - around) : column + around + 1] = 0
    second = float(weaker.max())
    return [strongest, second, contrast, strongest - second]


def names(radii: list[float], spots_only: bool) -> list[str]:
    """The names of a donor's numbers, in the order of `sum_up`."""
    single = [f"spot_{radius:g}_{what}" for radius in radii for what in SPOT_MEASURES]
    if not spots_only:
        single += ["mean", "deviation", "median", "edge_mean", "edge_deviation", "edge_99"]
        single += [f"histogram_{index}" for index in range(BINS)]
    return [f"{how}_{name}" for how in ("mean", "highest") for name in single]


def sum_up(rows: list[Image]) -> Image:
    """A donor's numbers from those of the donor's images: the mean and the highest of each."""
    stacked = np.vstack(rows)
    return np.concatenate([stacked.mean(axis=0), stacked.max(axis=0)])

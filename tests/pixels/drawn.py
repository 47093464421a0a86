"""Writing drawn into real pictures, for tests of what finds it."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

Stored = NDArray[np.generic]


def ink(shape: tuple[int, ...], text: str, at: tuple[int, int], size: int, turns: int = 0) -> NDArray[np.float64]:
    """How much of each pixel a text covers, from 0 to 1; `turns`: quarter turns of the whole."""
    height, width = shape[:2] if turns % 2 == 0 else shape[1::-1]
    canvas = Image.new("L", (width, height), 0)
    ImageDraw.Draw(canvas).text(at, text, fill=255, font=ImageFont.load_default(size))
    return np.rot90(np.asarray(canvas, np.float64) / 255, turns)


def over(values: Stored, covered: NDArray[np.float64], value: float) -> Stored:
    """Values with the ink upon them."""
    if values.ndim == covered.ndim + 1:
        covered = covered[..., None]
    return (values * (1 - covered) + value * covered).astype(values.dtype)


def real(name: str = "693_J2KI.dcm", change: Callable[[Stored], Stored] | None = None, **elements: object) -> bytes:
    """A real file, uncompressed, 256 pixels of it across and down, with changed pixels and elements."""
    dataset = dcmread(str(get_testdata_file(name)))
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        dataset.decompress()
    values = dataset.pixel_array
    if values.shape == (512, 512):
        values = values[128:384, 128:384]
        dataset.Rows = dataset.Columns = 256
    dataset.PixelData = (values if change is None else change(values)).tobytes()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return saved(dataset)


def saved(dataset: Dataset) -> bytes:
    """The data set as a file."""
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def written(
    text: str, *, at: tuple[int, int] = (30, 20), size: int = 16, value: float = 1500, turns: int = 0
) -> Callable[[Stored], Stored]:
    """A change of pixels that writes something upon every frame."""

    def change(values: Stored) -> Stored:
        frames = values if values.ndim > 2 and values.shape[-1] != 3 else values[None]
        covered = ink(frames.shape[1:3], text, at, size, turns)
        made = np.stack([over(frame, covered, value) for frame in frames])
        return made.reshape(values.shape)

    return change


def pixels_of(data: bytes) -> Stored:
    """A file's stored values."""
    found: Stored = dcmread(BytesIO(data)).pixel_array
    return found

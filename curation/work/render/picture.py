"""Draws what a cleaned DICOM file shows, as one PNG; runs in the child process only, and knows no Django."""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw
from pydicom import Dataset, dcmread
from pydicom.multival import MultiValue
from pydicom.pixels import apply_color_lut, apply_rescale, get_decoder, pixel_array
from pydicom.uid import JPEGExtended12Bit

from curation.pixels.limits import MOST_VALUES, CannotShow

#: A frame's edge in the PNG, in pixels, when there is one frame and when there are several.
EDGE, EDGE_OF_MANY = 1024, 512
MOST_FRAMES = 4
#: zlib's strategy for pictures, by its number in zlib.h.
Z_RLE = 3
PIXEL_KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


@dataclass(frozen=True)
class Picture:
    """A PNG, and where the image stands in its series (Instance Number, 0 where it says none)."""

    png: bytes
    position: int


def draw(data: bytes) -> Picture:
    """The picture of a file: one frame, or up to four spread evenly over many. Raises CannotShow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = dcmread(BytesIO(data), stop_before_pixels=True)
        if "SOPClassUID" not in header:
            raise CannotShow("picture_broken")
        if int(header.get("Rows") or 0) == 0:
            _refuse_hidden(data)
            return Picture(_png(_card("This file holds no picture")), _position(header))
        _check(header)
        frames = [_frame(data, header, index) for index in chosen(int(header.get("NumberOfFrames") or 1))]
    return Picture(_png(_sheet(frames)), _position(header))


def chosen(count: int) -> list[int]:
    """Which frames are shown: all of a few, else the first, the last and two between."""
    if count <= MOST_FRAMES:
        return list(range(max(count, 1)))
    return [round(n * (count - 1) / (MOST_FRAMES - 1)) for n in range(MOST_FRAMES)]


def _check(header: Dataset) -> None:
    """Refuses by the header alone what would take too much memory or has no decoder."""
    values = int(header.Rows) * int(header.get("Columns") or 0) * int(header.get("SamplesPerPixel") or 1)
    if not 0 < values <= MOST_VALUES:
        raise CannotShow("picture_too_large" if values else "picture_broken")
    if not _has_decoder(header):
        raise CannotShow("no_decoder")


def _has_decoder(header: Dataset) -> bool:
    syntax = header.file_meta.TransferSyntaxUID
    if syntax == JPEGExtended12Bit and int(header.get("BitsStored") or 0) > 8:
        return False  # the only decoder for it is under the GPL
    try:
        return bool(get_decoder(syntax).is_available)
    except NotImplementedError:
        return False


def _refuse_hidden(data: bytes) -> None:
    """Refuses pixels without a size, which nobody could look at."""
    whole = dcmread(BytesIO(data))
    if any(keyword in whole for keyword in PIXEL_KEYWORDS):
        raise CannotShow("picture_broken")


def _frame(data: bytes, header: Dataset, index: int) -> Image.Image:
    values = pixel_array(BytesIO(data), index=index)
    if header.get("PhotometricInterpretation") == "PALETTE COLOR":
        values = apply_color_lut(values, header)
    if values.ndim == 3:
        return Image.fromarray(_eight_bits(values), "RGB")
    return Image.fromarray(_gray(values, header), "L")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Colour in eight bits a sample, whatever it had."""
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values)
    return (values.astype(np.float32) * (255 / max(int(values.max()), 1))).astype(np.uint8)


def _gray(values: np.ndarray, header: Dataset) -> np.ndarray:
    """Grey values after the modality's rescaling and the first linear window (PS3.3 section C.11.2.1.2).

    Without a window the darkest value is black and the brightest white.
    """
    scaled = np.nan_to_num(apply_rescale(values, header).astype(np.float32, copy=False))
    center, width = _first(header.get("WindowCenter")), _first(header.get("WindowWidth"))
    if center is None or width is None or width < 1:
        low, high = float(scaled.min()), float(scaled.max())
    else:
        low, high = center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2
        if high <= float(scaled.min()) or low >= float(scaled.max()):  # the window would show one even grey
            low, high = float(scaled.min()), float(scaled.max())
    gray = np.clip((scaled - low) * (255 / max(high - low, 1e-6)), 0, 255).astype(np.uint8)
    return 255 - gray if header.get("PhotometricInterpretation") == "MONOCHROME1" else gray


def _first(value: object) -> float | None:
    if isinstance(value, MultiValue):
        value = value[0] if value else None
    return None if value is None or value == "" else float(str(value))


def _position(header: Dataset) -> int:
    try:
        return max(min(int(header.get("InstanceNumber") or 0), 2**31 - 1), -(2**31))
    except (TypeError, ValueError):
        return 0


def _sheet(frames: list[Image.Image]) -> Image.Image:
    """One frame as it is, several side by side in two columns; the mode is the same for all frames of a file."""
    edge = EDGE if len(frames) == 1 else EDGE_OF_MANY
    for frame in frames:
        frame.thumbnail((edge, edge))
    if len(frames) == 1:
        return frames[0]
    width, height = max(f.width for f in frames), max(f.height for f in frames)
    sheet = Image.new(frames[0].mode, (2 * width, (len(frames) + 1) // 2 * height))
    for number, frame in enumerate(frames):
        sheet.paste(frame, (number % 2 * width, number // 2 * height))
    return sheet


def _card(words: str) -> Image.Image:
    card = Image.new("L", (256, 256), 235)
    ImageDraw.Draw(card).text((128, 128), words, fill=40, anchor="mm")
    return card


def _png(image: Image.Image) -> bytes:
    # Scanners' noise holds no strings that occur again: looking for runs alone is twice as fast, and no larger.
    out = BytesIO()
    image.save(out, "PNG", compress_level=1, compress_type=Z_RLE)
    return out.getvalue()

"""Real pictures without writing of their own, cut and thinned to what a test can pay.

Values from 0, which the window shows black, to 1, which it shows white; what a detector saw beyond them stays.
"""

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.pixels import apply_color_lut

from tests.deid import corpus


def _read(name: str) -> np.ndarray:
    path = next(each for each in corpus.files() if corpus.short_name(each).endswith(name))
    return _decoded(path)


def _decoded(path: Path) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = dcmread(path, force=True)
        values = ds.pixel_array
        if ds.PhotometricInterpretation == "PALETTE COLOR":
            values = apply_color_lut(values, ds)
        if ds.PhotometricInterpretation == "MONOCHROME1":
            values = values.max() - values
    return values.astype(float)


def _windowed(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return (values - low) / (high - low)


def abdomen() -> np.ndarray:
    """CT: a slice through the liver, in a soft window; 192 x 256."""
    values = _read("explicit_VR-UN.dcm")
    low, high = np.percentile(values, [40, 99.7])
    return _windowed(values, low, high)[150:342, 120:376][None]


def spine() -> np.ndarray:
    """CT: a vertebra, 192 x 256."""
    values = _read("bad_sequence.dcm")
    return _windowed(values, *np.percentile(values, [2, 99.7]))[100:292, 130:386][None]


def shoulder() -> np.ndarray:
    """MR: a shoulder, thinned to 240 x 256."""
    values = _read("MR2_UNCR.dcm")
    return _windowed(values, 0, np.percentile(values, 99.7))[160:640:2, 200:712:2][None]


def chest() -> np.ndarray:
    """Radiograph: a chest, thinned to 204 x 263."""
    values = _read("RG1_UNCR.dcm")[100:1730:8, ::7]
    return _windowed(values, *np.percentile(values, [1, 99.7]))[None]


def leg() -> np.ndarray:
    """Radiograph: a lower leg without its marker, 240 x 192."""
    values = _read("RG3_UNCR.dcm")[100:1300:5, 640:1600:5]
    return _windowed(values, *np.percentile(values, [1, 99.7]))[None]


def animal() -> np.ndarray:
    """Digital radiograph: a cat without its marker, 210 x 240."""
    values = _read("cat.dcm")[300:1980:8, 900:2820:8]
    return _windowed(values, *np.percentile(values, [1, 99.7]))[None]


def heart() -> np.ndarray:
    """Ultrasound in grey: the sector alone on black, 300 x 400."""
    return _sector(_read("JPGLosslessP14SV1_1s_1f_8b.dcm") / 255, (230, 120, 410, 560), (300, 400), 2)[None]


def flow() -> np.ndarray:
    """Ultrasound in colour: the sector alone on black, 8 frames of 200 x 260."""
    frames = _read("ultrasound-multiframe.dcm")[:16:2] / 255
    return np.stack([_sector(each, (150, 150, 330, 480), (200, 260), 2) for each in frames])


def photograph() -> np.ndarray:
    """Visible light: a photograph, 220 x 293."""
    return (_read("dicom-cookies/image5.dcm") / 255)[::7, ::7][None]


def scan() -> np.ndarray:
    """Nuclear medicine: head and chest, 256 x 256."""
    values = _read("JPEG2000_UNC.dcm")
    return _windowed(values, 0, np.percentile(values, 99.7))[100:356, :][None]


def screen() -> np.ndarray:
    """A screen that was saved, in colour: two slices side by side, 192 x 512."""
    both = np.concatenate([abdomen()[0], spine()[0]], axis=1)
    return np.repeat(both[..., None], 3, axis=2)[None]


def _sector(frame: np.ndarray, part: tuple[int, int, int, int], size: tuple[int, int], step: int) -> np.ndarray:
    """What a probe saw, in the middle of black; `part`: top, left, height and width."""
    top, left, height, width = part
    seen = frame[top : top + height : step, left : left + width : step]
    out = np.zeros((*size, *frame.shape[2:]))
    y, x = (size[0] - seen.shape[0]) // 2, (size[1] - seen.shape[1]) // 2
    out[y : y + seen.shape[0], x : x + seen.shape[1]] = seen
    return out


BACKGROUNDS: dict[str, Callable[[], np.ndarray]] = {
    each.__name__: each
    for each in (abdomen, spine, shoulder, chest, leg, animal, heart, flow, photograph, scan, screen)
}


@cache
def background(name: str) -> np.ndarray:
    """Frames x rows x columns, with three samples where it is in colour. Not to be changed."""
    found = BACKGROUNDS[name]()
    found.setflags(write=False)
    return found

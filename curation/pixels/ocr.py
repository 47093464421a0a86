"""The models that find and read writing: rapidocr-onnxruntime's, as they come in its package; loaded when first asked.

Optional: without the package there is no detector, and nothing here may take that for a picture without writing. The
models run in one thread: the processes that use them are forked and may begin none.
"""

import importlib
import importlib.util
from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PACKAGE = "rapidocr_onnxruntime"
Gray = NDArray[np.uint8]
#: The network sees multiples of so many pixels.
STEP = 32
#: From which probability on a pixel belongs to writing, and from which on average a box is one (rapidocr: .3, .5).
PIXEL_IS_TEXT, BOX_IS_TEXT = 0.3, 0.35
#: A text's height for the network that reads, and the least width that it is given: shorter texts are padded to it
#: (rapidocr: 320, which says the same and takes three times as long of short ones).
LINE_HEIGHT, LEAST_WIDTH = 48, 96
#: Images whose boxes are remembered: a thorough search meets what a light one saw.
REMEMBERED = 256


class Box(NamedTuple):
    """Where writing may stand: four corners (x, y) clockwise from the upper left, and how sure the network is."""

    corners: NDArray[np.float32]
    score: float


class Read(NamedTuple):
    """What is written somewhere, and how sure the network is, from 0 to 1. Personal: never printed or sent on."""

    text: str
    score: float

    def __repr__(self) -> str:
        return f"Read(hidden, {self.score})"


_SEEN: OrderedDict[bytes, list[Box]] = OrderedDict()


def available() -> bool:
    """Whether the package is installed, with the system's libraries that its OpenCV needs (libGL, glib, xcb)."""
    return _can_be_had(PACKAGE)


@lru_cache(maxsize=2)
def _can_be_had(package: str) -> bool:
    if importlib.util.find_spec(package) is None:
        return False
    try:
        importlib.import_module("cv2")
    except ImportError:
        return False
    return True


def name() -> str:
    """The package with its version; empty where there is none."""
    return f"{PACKAGE} {version('rapidocr-onnxruntime')}" if available() else ""


def boxes(image: Gray) -> list[Box]:
    """Where writing may stand in a grey image or one of three colours, in its own pixels; each image's once."""
    key = sha256(repr(image.shape).encode() + image.tobytes()).digest()
    if key in _SEEN:
        _SEEN.move_to_end(key)
        return _SEEN[key]
    _SEEN[key] = found = _boxes(image)
    if len(_SEEN) > REMEMBERED:
        _SEEN.popitem(last=False)
    return found


def _boxes(image: Gray) -> list[Box]:
    height, width = image.shape[:2]
    padded = _padded(image)
    detector = _models().detector
    colours = padded if padded.ndim == 3 else np.repeat(padded[:, :, None], 3, 2)
    wanted = (colours.astype(np.float32) / 255 - 0.5) / 0.5
    map_ = detector.infer(wanted.transpose(2, 0, 1)[None])[0]
    corners, scores = detector.postprocess_op(map_, padded.shape[:2])
    found = [Box(np.asarray(each, np.float32), float(score)) for each, score in zip(corners, scores, strict=True)]
    return [box for box in found if box.corners[:, 0].min() < width and box.corners[:, 1].min() < height]


def read(crops: list[Gray]) -> list[Read]:
    """What each of these lines of writing says."""
    if not crops:
        return []
    colours = [each if each.ndim == 3 else np.repeat(each[:, :, None], 3, 2) for each in crops]
    told, _ = _models().recognizer(colours)
    return [Read(str(text), float(score)) for text, score, *_ in told]


class _Models(NamedTuple):
    detector: Any
    recognizer: Any


@lru_cache(maxsize=1)
def _models() -> _Models:
    import cv2
    from rapidocr_onnxruntime.ch_ppocr_det import TextDetector
    from rapidocr_onnxruntime.ch_ppocr_rec import TextRecognizer

    cv2.setNumThreads(0)
    # Asked for only where the package is there.
    folder = Path(str(importlib.util.find_spec(PACKAGE).origin)).parent / "models"  # type: ignore[union-attr]
    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    finds = {"model_path": str(folder / "ch_PP-OCRv4_det_infer.onnx"), "thresh": PIXEL_IS_TEXT}
    finds |= {"box_thresh": BOX_IS_TEXT, "unclip_ratio": 1.6, "use_dilation": True}
    reads = {"model_path": str(folder / "ch_PP-OCRv4_rec_infer.onnx"), "rec_batch_num": 1}
    reads |= {"rec_img_shape": [3, LINE_HEIGHT, LEAST_WIDTH]}
    return _Models(TextDetector(finds | threads), TextRecognizer(reads | threads))


def _padded(image: Gray) -> Gray:
    """The image with its last row and column repeated to multiples of 32 pixels."""
    more = [(0, -size % STEP) for size in image.shape[:2]] + [(0, 0)] * (image.ndim - 2)
    return np.pad(image, more, "edge")

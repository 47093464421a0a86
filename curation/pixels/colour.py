"""Colours as they are coded, and as a person sees them (PS3.3 section C.7.6.3.1.2, ITU-T T.871, ITU-R BT.601)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.pixels.codestreams import BASELINE, EXTENDED, Described, segments
from curation.pixels.layout import Layout

RGB, YBR, PARTIAL = "RGB", "YBR_FULL", "YBR_PARTIAL_422"
_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2})
_APP_0, _ADOBE = 0xE0, 0xEE


def colour_of(frame: bytes, syntax: str, layout: Layout, said: Described | None) -> str:
    """How the cells of a decoded frame in colour are to be read: RGB, YBR_FULL or YBR_PARTIAL_422.

    A codestream's own word comes before the header's, which is often wrong after a conversion.
    """
    named = layout.photometric
    if said is not None and (said.transformed or named in ("YBR_ICT", "YBR_RCT")):
        return RGB
    if syntax in (BASELINE, EXTENDED):
        marked = _marked(frame)
        if marked:
            return marked
    if named == "RGB":
        return RGB
    return PARTIAL if named.startswith("YBR_PARTIAL") else YBR


def coded_as_ybr(frame: bytes) -> bool:
    """Whether libjpeg takes three components for YCbCr and would transform them (its default_decompress_parms)."""
    return _marked(frame) != RGB


def _marked(frame: bytes) -> str:
    """What the markers of a JPEG of three components say: JFIF, Adobe, the names of its components; empty if nothing.

    libjpeg asks them in this order, and takes what says nothing for YCbCr.
    """
    found = {}
    for marker, start, end in segments(frame):
        content = frame[start:end]
        if marker == _APP_0 and content.startswith(b"JFIF\0"):
            return YBR
        if marker == _ADOBE and content.startswith(b"Adobe") and len(content) >= 12:
            found[_ADOBE] = RGB if content[11] == 0 else YBR
        if marker in _FRAME_HEADERS and content[6::3] == b"RGB":
            found[0] = RGB
    return found.get(_ADOBE) or found.get(0, "")


def to_rgb(values: NDArray[Any], colour: str, bits: int) -> NDArray[np.uint8]:
    """Three values a pixel as RGB in eight bits; `bits`: how many a value has."""
    scaled = values >> values.dtype.type(bits - 8) if bits > 8 else values * (255 / ((1 << bits) - 1))
    if colour == RGB:
        return np.ascontiguousarray(scaled.astype(np.uint8))
    y, b, r = (scaled[..., n].astype(np.float32) for n in range(3))
    b, r = b - 128, r - 128
    if colour == PARTIAL:
        y, b, r = (y - 16) * (255 / 219), b * (255 / 224), r * (255 / 224)
    made = np.stack((y + 1.402 * r, y - 0.344136 * b - 0.714136 * r, y + 1.772 * b), axis=-1)
    return np.clip(made + 0.5, 0, 255).astype(np.uint8)

"""Fonts to write with: none but those that Pillow carries and Debian's fonts-dejavu-core brings."""

from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

#: Where Debian puts them; scripts/bootstrap installs the package.
FOLDER = "/usr/share/fonts/truetype/dejavu/"
#: Pillow's bitmap font is eleven pixels high.
_BITMAP = 11
Mask = np.ndarray


def outlines(file: str) -> Callable[[str, int], Mask]:
    """Draws with a font of outlines, its edges smoothed."""

    def draw(text: str, size: int) -> Mask:
        return _drawn(text, ImageFont.truetype(FOLDER + file, size), "L")

    return draw


def rough(text: str, size: int) -> Mask:
    """DejaVu Sans without smoothing, as most devices write."""
    return _drawn(text, ImageFont.truetype(FOLDER + "DejaVuSans.ttf", size), "1")


def pillow(text: str, size: int) -> Mask:
    """The font inside Pillow."""
    return _drawn(text, ImageFont.load_default(size), "L")


def bitmap(text: str, size: int) -> Mask:
    """Pillow's bitmap font, its pixels made larger: as old devices write. Latin letters only."""
    times = max(1, round(size / _BITMAP))
    return np.kron(_drawn(text, ImageFont.load_default_imagefont(), "1"), np.ones((times, times), np.uint8))


def dots(text: str, size: int) -> Mask:
    """The bitmap font in separate dots, as a printer's needles leave them; for sizes of 22 and more."""
    times = max(2, round(size / _BITMAP))
    dot = np.ones((times, times), np.uint8)
    dot[-1], dot[:, -1] = 0, 0
    return np.kron(_drawn(text, ImageFont.load_default_imagefont(), "1"), dot)


def _drawn(text: str, font: "ImageFont.FreeTypeFont | ImageFont.ImageFont", mode: str) -> Mask:
    """The smallest picture that holds the text: 0 to 255, how much of each pixel it covers."""
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    image = Image.new(mode, (max(1, right - left + 2), max(1, bottom - top + 2)))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=font)
    found = np.asarray(image).astype(np.uint8)
    return found * 255 if mode == "1" else found


FONTS: dict[str, Callable[[str, int], Mask]] = {
    "sans": outlines("DejaVuSans.ttf"),
    "bold": outlines("DejaVuSans-Bold.ttf"),
    "mono": outlines("DejaVuSansMono.ttf"),
    "serif": outlines("DejaVuSerif.ttf"),
    "rough": rough,
    "pillow": pillow,
    "bitmap": bitmap,
    "dots": dots,
}


@cache
def mask_of(text: str, font: str, size: int) -> Mask:
    """How much of each pixel the text covers, 0 to 255."""
    found = FONTS[font](text, size)
    found.setflags(write=False)
    return found

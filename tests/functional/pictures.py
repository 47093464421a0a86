"""Pictures of pages for the documents: written only where DONARA_PICTURES=1 asks for them."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
TALLEST = 1400  # pixels; what lies below is left out
COLOURS = 200


def take(page: Page, name: str) -> None:
    """Writes `docs/pictures/NAME.png`, in a palette so that it stays small."""
    if os.environ.get("DONARA_PICTURES") != "1":
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)

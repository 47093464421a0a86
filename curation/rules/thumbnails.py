"""Makes small pictures out of our own renders. Plain Python."""

from io import BytesIO

from PIL import Image

EDGE = 256


def thumbnail(png: bytes) -> bytes:
    """The picture with its longer edge at most EDGE pixels, as PNG; a small one comes back as it is."""
    with Image.open(BytesIO(png)) as picture:
        if max(picture.size) <= EDGE:
            return png
        picture.thumbnail((EDGE, EDGE))
        out = BytesIO()
        picture.save(out, "PNG", compress_level=3)
    return out.getvalue()

"""Invented writing, like what devices and people burn into pictures: drawn into our own renders only. Plain Python."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from curation.rules.marks import Box

FAMILIES = ("BERGSTROM", "OKAFOR", "DELACROIX", "HALVORSEN", "MARCHETTI", "NOVAKOVA", "TANAKA", "WESTBROOK", "YILMAZ")
GIVEN = ("ADA", "BENNO", "CLARA", "DMITRI", "ELENA", "FARID", "GRETA", "HUGO", "INES", "JONAS", "KOFI", "LENA")
#: Heights of letters, in pixels of the picture, and shades: from what is easily overlooked to what is plain.
SIZES, SHADES = (10, 12, 14, 16, 20, 24), (120, 150, 180, 210, 240, 255)
#: So far from the edges, as a share of the picture, where writing usually stands.
MARGIN = 0.02


def words(random: Random) -> str:
    """A name with a number or a date of birth, of nobody."""
    name = f"{random.choice(FAMILIES)}^{random.choice(GIVEN)}"
    date = f"{random.randint(1, 28):02}.{random.randint(1, 12):02}.{random.randint(1930, 2004)}"
    return random.choice([f"{name.replace('^', ', ')} {date}", name, f"{date} #{random.randint(10_000, 99_999)}"])


def write_into(png: bytes, seed: str) -> tuple[bytes, Box]:
    """The picture (PNG) with invented writing near one of its edges, and where; the same for the same seed."""
    random = Random(seed)  # noqa: S311  (what is drawn is no secret; who is shown it is drawn from a key)
    with Image.open(BytesIO(png)) as opened:
        picture = opened.convert("RGB" if opened.mode not in ("L", "RGB") else opened.mode)
    text, font = words(random), ImageFont.load_default(random.choice(SIZES))
    pen = ImageDraw.Draw(picture)
    while (box := pen.textbbox((0, 0), text, font=font))[2] > picture.width and len(text) > 3:
        text = text[: len(text) * 2 // 3]  # a small picture has room for a short name only
    left, top = _corner(random, picture.size, (int(box[2]), int(box[3])))
    shade = random.choice(SHADES)
    pen.text((left, top), text, font=font, fill=shade if picture.mode == "L" else (shade,) * 3)
    found = [round(edge) for edge in pen.textbbox((left, top), text, font=font)]
    out = BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue(), Box(found[0], found[1], max(found[2] - found[0], 1), max(found[3] - found[1], 1))


def _corner(random: Random, size: tuple[int, int], needed: tuple[int, int]) -> tuple[int, int]:
    """The upper left corner of writing that needs so much room: along the upper or lower edge."""
    across = max(size[0] - needed[0], 0)
    down = max(size[1] - needed[1], 0)
    x, y = round(size[0] * MARGIN), round(size[1] * MARGIN)
    left = random.choice([min(x, across), across // 2, max(across - x, 0)])
    return left, random.choice([min(y, down), max(down - y, 0)])

"""What a file's header says about its picture, read once: all that the decision about the picture depends on."""

from typing import NamedTuple

from ..files.tree import Dataset, Element

IMAGE_TYPE, CONVERSION, MODALITY, SERIES_NAME = 0x00080008, 0x00080064, 0x00080060, 0x0008103E
INTENT, MANUFACTURER, MODEL, SOFTWARE = 0x00080068, 0x00080070, 0x00081090, 0x00181020
BURNED_IN, RECOGNIZABLE = 0x00280301, 0x00280302
ROWS, COLUMNS, FRAMES = 0x00280010, 0x00280011, 0x00280008
SAMPLES, BITS_ALLOCATED, BITS_STORED, PHOTOMETRIC = 0x00280002, 0x00280100, 0x00280101, 0x00280004
PIXEL_DATA, US_REGIONS = 0x7FE00010, 0x00186011
#: Pixel Data as whole numbers, and as single and double floating point.
PICTURES = frozenset({PIXEL_DATA, 0x7FE00008, 0x7FE00009})
# Specimen Label in Image (PS3.3 section C.8.12.1): the picture shows the slide's own label.
SPECIMEN_LABEL = 0x00480010
#: Of the device that captured, digitised or printed a picture of a picture (PS3.3 section C.8.6.1).
CAPTURED = frozenset(
    {0x00181010, 0x00181011, 0x00181012, 0x00181014, 0x00181016, 0x00181017, 0x00181018, 0x00181019, 0x0018101A}
)
_TEXTS = (IMAGE_TYPE, CONVERSION, MODALITY, SERIES_NAME, INTENT, MANUFACTURER, MODEL, SOFTWARE)
TEXTS = frozenset({*_TEXTS, BURNED_IN, RECOGNIZABLE, PHOTOMETRIC, SPECIMEN_LABEL})
NUMBERS = frozenset({ROWS, COLUMNS, FRAMES, SAMPLES, BITS_ALLOCATED, BITS_STORED})
#: All root attributes that are read here.
READ = TEXTS | NUMBERS | CAPTURED | PICTURES | {US_REGIONS}


class Header(NamedTuple):
    """A picture's header. Texts are in upper case, without padding; numbers that are not there are 0.

    `texts`: by tag. `numbers`: by tag, of rows, columns and the like.
    of paper, is named. `regions`: the Sequence of Ultrasound Regions, if there is one.
    """

    texts: dict[int, str]
    numbers: dict[int, int]
    little: bool
    captured: bool = False
    pixels: Element | None = None
    regions: Element | None = None

    def text(self, tag: int) -> str:
        """A text, or nothing."""
        return self.texts.get(tag, "")

    def number(self, tag: int, default: int = 0) -> int:
        """A number, or the default where it is not there or 0."""
        return self.numbers.get(tag, 0) or default

    @property
    def image_type(self) -> list[str]:
        """The values of Image Type (0008,0008)."""
        return [value.strip() for value in self.text(IMAGE_TYPE).split("\\")]


def header_of(dataset: Dataset, little: bool) -> Header:
    """Reads the root elements of a data set; of an element that stands there twice the first, which is the one kept."""
    texts: dict[int, str] = {}
    numbers: dict[int, int] = {}
    others: dict[int, Element] = {}
    captured = False
    for element in dataset:
        tag = element.tag
        if tag in TEXTS:
            texts.setdefault(tag, _text(element))
        elif tag in NUMBERS:
            numbers.setdefault(tag, number(element, little))
        elif tag in CAPTURED:
            captured = captured or bool(element.text().strip())
        elif tag in PICTURES:
            others.setdefault(PIXEL_DATA, element)
        elif tag == US_REGIONS:
            others.setdefault(tag, element)
    return Header(texts, numbers, little, captured, others.get(PIXEL_DATA), others.get(US_REGIONS))


def _text(element: Element) -> str:
    if element.items is not None:
        return ""
    return element.text().decode("ascii", "replace").strip().upper()


def number(element: Element, little: bool) -> int:
    """The value of a US, UL or IS element; 0 where it cannot be read."""
    if element.items is not None:
        return 0
    if element.vr in ("US", "UL"):
        return int.from_bytes(element.value[: 2 if element.vr == "US" else 4], "little" if little else "big")
    text = element.text().strip()
    return int(text) if text.isdigit() and len(text) < 12 else 0

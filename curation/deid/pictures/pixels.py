"""Whether a file's picture can show who the donor is: cleared, looked at by a person, or refused; none is decoded."""

from collections.abc import Collection

from ..files.syntax import UNCOMPRESSED
from ..files.tree import Dataset, find, number_of, text_of
from ..reasons import Refused
from ..standard.sop_classes import MAPS, PROJECTION, REPORTS, TOMOGRAPHIC, WITHOUT_PICTURE, refusal
from .encapsulation import EXTENDED_LENGTHS, EXTENDED_OFFSETS, refuse_misfit
from .plan import PixelRisk

IMAGE_TYPE, BURNED_IN, RECOGNIZABLE = 0x00080008, 0x00280301, 0x00280302
ROWS, COLUMNS, FRAMES = 0x00280010, 0x00280011, 0x00280008
_SAMPLES, _BITS, _PHOTOMETRIC = 0x00280002, 0x00280100, 0x00280004
_CONVERSION, _PIXEL_DATA, MODALITY = 0x00080064, 0x7FE00010, 0x00080060
#: The root attributes, beside overlays, on which it depends whether an object may be cleaned.
JUDGED = frozenset({IMAGE_TYPE, BURNED_IN, RECOGNIZABLE, ROWS, COLUMNS, FRAMES, _SAMPLES, _BITS, _PHOTOMETRIC})
JUDGED |= {MODALITY, _CONVERSION, _PIXEL_DATA, 0x00080005, 0x00080016, 0x00080018, 0x0020000D, 0x0020000E}
# Specimen Label in Image (PS3.3 section C.8.12.1): the picture shows the slide's own label.
_SPECIMEN_LABEL = 0x00480010
JUDGED |= {_SPECIMEN_LABEL, EXTENDED_LENGTHS, EXTENDED_OFFSETS}
# Conversion Type (PS3.3 section C.8.6.1): workstation, drawing, scanned document or image, digitised film. The other
# values say nothing: common toolkits write DV into every image.
_CONVERTED = frozenset({"WSD", "DRW", "SD", "SI", "DF"})


def pixel_risk(
    dataset: Dataset, sop_class: str, transfer_syntax: str, little: bool, options: Collection[str] = frozenset()
) -> PixelRisk:
    """'clear' or 'look'; raises Refused where the file is of a kind, or says of itself, that it cannot be shared.

    `options`: the profile's; without one that cleans reports those are refused.
    """
    reason = refusal(sop_class, options)
    if reason:
        raise Refused(reason)
    kinds = text_of(dataset, IMAGE_TYPE).upper().split("\\")
    labelled = text_of(dataset, _SPECIMEN_LABEL).upper() == "YES"
    if labelled or "LABEL" in kinds or "OVERVIEW" in kinds:
        raise Refused("slide_label")
    burned_in = text_of(dataset, BURNED_IN).upper()
    if burned_in == "YES":
        raise Refused("burned_in")
    _refuse_hidden(dataset, transfer_syntax, little)
    if sop_class in WITHOUT_PICTURE or sop_class in REPORTS:
        return "clear" if sop_class in MAPS or find(dataset, _PIXEL_DATA) is None else "look"
    unmarked = burned_in == "NO" or (burned_in == "" and sop_class in TOMOGRAPHIC)
    trusted = unmarked and sop_class in TOMOGRAPHIC | PROJECTION and _from_the_body(dataset, kinds)
    return "clear" if trusted else "look"


def _from_the_body(dataset: Dataset, kinds: list[str]) -> bool:
    """Whether the picture says that a device made it from the body: not derived, converted, saved off a screen."""
    acquired = [kind.strip() for kind in kinds[:2]] == ["ORIGINAL", "PRIMARY"]
    plain = text_of(dataset, _PHOTOMETRIC).upper().startswith("MONOCHROME")
    face = text_of(dataset, RECOGNIZABLE).upper() == "YES"
    converted = text_of(dataset, _CONVERSION).upper() in _CONVERTED
    return acquired and plain and not face and not converted and "SCREEN SAVE" not in kinds


def _refuse_hidden(dataset: Dataset, transfer_syntax: str, little: bool) -> None:
    """Refuses writing that no one would see: overlays in unused pixel bits, bytes after the last pixel."""
    for element in dataset:
        if element.tag >> 24 == 0x60 and element.tag & 0xFFFF == 0x0100:
            group = element.tag & 0xFFFF0000
            if number_of(dataset, element.tag, little, 1) != 1 and find(dataset, group | 0x3000) is None:
                raise Refused("overlay_in_pixels")
    refuse_misfit(dataset, transfer_syntax)
    pixels = find(dataset, _PIXEL_DATA)
    if pixels is not None and not pixels.fragments and transfer_syntax in UNCOMPRESSED:
        expected = expected_bytes(dataset, little)
        if expected and bytes(pixels.value[expected + expected % 2 :]).strip(b"\0"):
            raise Refused("pixel_data_length")


def expected_bytes(dataset: Dataset, little: bool) -> int:
    """How many bytes an uncompressed picture of this size has; 0 where the size is not given."""
    bits = number_of(dataset, _BITS, little) * number_of(dataset, ROWS, little) * number_of(dataset, COLUMNS, little)
    bits *= number_of(dataset, _SAMPLES, little, 1) * max(1, number_of(dataset, FRAMES, little, 1))
    return (bits + 7) // 8

"""What a cleaned object says about its own de-identification (PS3.15 section E.1.1, PS3.16 CID 7050)."""

from functools import lru_cache

from ..files.representations import pad
from ..files.tree import Dataset, Element, text_of

# CID 7050, De-identification Method: the Basic Profile, and each option's code.
BASIC = ("113100", "Basic Application Confidentiality Profile")
OPTION_CODES = {
    "clean_graphics": ("113103", "Clean Graphics Option"),
    "clean_structured_content": ("113104", "Clean Structured Content Option"),
    "clean_descriptors": ("113105", "Clean Descriptors Option"),
    "retain_long_full_dates": ("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
    "retain_long_modified_dates": ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    "retain_patient_characteristics": ("113108", "Retain Patient Characteristics Option"),
    "retain_device_identity": ("113109", "Retain Device Identity Option"),
    "retain_uids": ("113110", "Retain UIDs Option"),
    "retain_safe_private": ("113111", "Retain Safe Private Option"),
    "retain_institution_identity": ("113112", "Retain Institution Identity Option"),
}
#: Claimed by what works on pixels, once it has looked (curation/pixels/rewrite.py); no profile of the engine's has it.
CLEAN_PIXEL_DATA = ("113101", "Clean Pixel Data Option")
METHOD_TEXT = b"Donara: PS3.15 Basic Profile and coded options"


#: Every text that the claims may hold.
_CODES = (BASIC, CLEAN_PIXEL_DATA, *OPTION_CODES.values())
WORDS = (METHOD_TEXT, b"MODIFIED", b"UNMODIFIED", *(code[1].encode() for code in _CODES))


def _code(value: str, meaning: str) -> Dataset:
    return [
        Element(0x00080100, "SH", pad(value.encode(), "SH")),
        Element(0x00080102, "SH", b"DCM "),
        Element(0x00080104, "LO", pad(meaning.encode(), "LO")),
    ]


def with_clean_pixels(methods: Element) -> Element:
    """De-identification Method Code Sequence (0012,0064) with the code that pixels were cleaned, once."""
    items = methods.items or []
    if any(text_of(item, 0x00080100) == CLEAN_PIXEL_DATA[0] for item in items):
        return methods
    return Element(methods.tag, "SQ", items=[*items, _code(*CLEAN_PIXEL_DATA)])


@lru_cache(maxsize=1024)
def claims(options: frozenset[str]) -> tuple[Element, ...]:
    """The elements that say what was done, in tag order; `options` are those that made a difference in this object."""
    methods = [BASIC, *sorted(OPTION_CODES[option] for option in options)]
    return (
        Element(0x00120062, "CS", b"YES "),
        Element(0x00120063, "LO", pad(METHOD_TEXT, "LO")),
        Element(0x00120064, "SQ", items=[_code(*method) for method in methods]),
        Element(0x00280303, "CS", pad(_dates(options), "CS")),
    )


def _dates(options: frozenset[str]) -> bytes:
    """Longitudinal Temporal Information Modified (PS3.3 section C.12.1)."""
    if "retain_long_modified_dates" in options:
        return b"MODIFIED"
    return b"UNMODIFIED" if "retain_long_full_dates" in options else b"REMOVED"

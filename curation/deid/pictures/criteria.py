"""By what a picture is clear: the criteria that one must meet which passes for made by the device from the body.

Every one of them must hold; each that does not is a reason to look. What the header says in a picture's favour, such as
Burned In Annotation NO, is no criterion: it costs nobody anything to write it.
"""

import re
from collections.abc import Callable, Iterator

from ..standard.sop_classes import (
    FOR_PROCESSING,
    PHOTOGRAPHS,
    PROJECTION,
    SECONDARY_CAPTURE,
    SPECTRA,
    TOMOGRAPHIC,
    ULTRASOUND,
)
from .header import (
    BITS_STORED,
    BURNED_IN,
    CONVERSION,
    INTENT,
    MODALITY,
    PHOTOMETRIC,
    RECOGNIZABLE,
    SAMPLES,
    SERIES_NAME,
    Header,
)

#: What acquisitions make. Of everything else nothing is clear.
ACQUIRED = (TOMOGRAPHIC | FOR_PROCESSING) - SPECTRA
# Conversion Type (PS3.3 section C.8.6.1): workstation, drawing, scanned image; scanned document, digitised film. The
# other values say nothing: common toolkits write DV into every image.
CONVERTED, SCANNED = frozenset({"WSD", "DRW", "SI"}), frozenset({"SD", "DF"})
#: What a device's screens, reports and curves call themselves in Image Type, by word.
SCREENS = frozenset({"SCREEN", "SAVE", "CAPTURE", "DOSE", "REPORT", "PROT", "PROTOCOL", "GRAPH", "CURVE", "TEXT"})
_WORD = re.compile(r"[^A-Z0-9]+")
#: What series of screens, reports and papers are called. "Dose" alone is no such word: low dose is a way to scan.
SERIES_NAMES = (
    *("SCREEN", "CAPTURE", "SNAPSHOT", "SNAP SHOT", "REPORT", "BERICHT", "RAPPORT", "DOSE INFO", "DOSE SUMMARY"),
    *("PATIENT PROTOCOL", "EXAM PROTOCOL", "PROTOKOLL", "SCANNED", "DOCUMENT", "WORKSHEET", "REQUISITION", "CONSENT"),
)
_CT, _THIRD = "1.2.840.10008.5.1.4.1.1.2", frozenset({"AXIAL", "LOCALIZER"})
#: The Modality (0008,0060) that an object of each class must name (PS3.3 section C.7.3.1.1.1).
MODALITIES = {
    **dict.fromkeys(("2", "2.1", "2.2"), "CT"),
    **dict.fromkeys(("4", "4.1", "4.4"), "MR"),
    **dict.fromkeys(("128", "128.1", "130"), "PT"),
    **dict.fromkeys(("3", "3.1", "5", "6", "6.1", "6.2", "6.3"), "US"),
    "20": "NM",
    "1.1.1": "DX",
    "1.2.1": "MG",
    "1.3.1": "IO",
    "13.1.5": "MG",
}
_ROOT = "1.2.840.10008.5.1.4.1.1."
_MOST_SHOWN_BITS = 8


def doubts(header: Header, sop_class: str) -> Iterator[str]:
    """Why a picture is not clear by its header, as codes; nothing where it is. `sop_class`: its UID."""
    kind = _kind(sop_class)
    if kind:
        yield kind
    for code, holds in CRITERIA.items():
        if not holds(header, sop_class):
            yield code


def _kind(sop_class: str) -> str:
    """The code of what is against a whole kind of objects; empty for what an acquisition makes."""
    if sop_class in ACQUIRED:
        return ""
    for code, classes in KINDS.items():
        if sop_class in classes:
            return code
    return "looked_at"


def _original(header: Header, sop_class: str) -> bool:
    """A CT image must say, too, that it is a slice or a localizer (PS3.3 section C.8.2.1.1.1)."""
    kinds = header.image_type
    return kinds[:2] == ["ORIGINAL", "PRIMARY"] and (sop_class != _CT or bool(_THIRD.intersection(kinds[2:3])))


def _no_screen(header: Header, sop_class: str) -> bool:
    return not any(SCREENS.intersection(_WORD.split(kind)) for kind in header.image_type)


def _no_colour(header: Header, sop_class: str) -> bool:
    return header.text(PHOTOMETRIC).startswith("MONOCHROME") and header.number(SAMPLES, 1) == 1


def _measured(header: Header, sop_class: str) -> bool:
    return header.number(BITS_STORED) > _MOST_SHOWN_BITS or header.text(MODALITY) == "NM"


def _modality(header: Header, sop_class: str) -> bool:
    fits = MODALITIES.get(sop_class.removeprefix(_ROOT))
    return fits is None or header.text(MODALITY) == fits


def _unnamed(header: Header, sop_class: str) -> bool:
    name = header.text(SERIES_NAME)
    return not any(word in name for word in SERIES_NAMES)


#: The kinds of objects that are never clear, by their SOP classes.
KINDS = {
    "photograph": PHOTOGRAPHS,
    "ultrasound": ULTRASOUND,
    "secondary_capture": SECONDARY_CAPTURE,
    "radiograph": PROJECTION - FOR_PROCESSING,
}
#: Each criterion by the code that says that it does not hold.
CRITERIA: dict[str, Callable[[Header, str], bool]] = {
    "says_burned_in": lambda header, _: header.text(BURNED_IN) in ("", "NO"),
    "says_face": lambda header, _: header.text(RECOGNIZABLE) in ("", "NO"),
    "not_original": _original,
    "screen": _no_screen,
    "scanned": lambda header, _: header.text(CONVERSION) not in SCANNED,
    "converted": lambda header, _: header.text(CONVERSION) not in CONVERTED and not header.captured,
    "colour": _no_colour,
    "few_bits": _measured,
    "modality_unfit": _modality,
    "series_named": _unnamed,
    "for_presentation": lambda header, uid: uid not in FOR_PROCESSING or header.text(INTENT) == "FOR PROCESSING",
}

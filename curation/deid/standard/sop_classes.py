"""What happens to each storage SOP class (PS3.4 annex B): taken, looked at, taken under an option, or refused."""

from collections.abc import Collection

_ROOT = "1.2.840.10008.5.1.4.1.1."
_ELSEWHERE = "1.2.840.10008.5.1."


def _under_root(*suffixes: str) -> frozenset[str]:
    return frozenset(_ROOT + suffix for suffix in suffixes)


def _numbered(start: str, numbers: Collection[int]) -> tuple[str, ...]:
    return tuple(f"{start}{number}" for number in numbers)


# Made by the device from the body: CT, MR and PET with their enhanced and legacy-converted forms, nuclear medicine.
TOMOGRAPHIC = _under_root("2", "2.1", "2.2", "4", "4.1", "4.2", "4.4", "20", "128", "128.1", "130")
# Of these, what has no picture: MR spectra.
SPECTRA = _under_root("4.2")
# Projection X-ray, where writing can be burned in by the operator.
PROJECTION = _under_root("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "13.1.3", "13.1.4", "13.1.5")
# Of these, what the detector measured before anything was made of it for people: consoles write on what they show.
FOR_PROCESSING = _under_root("1.1.1", "1.2.1", "1.3.1", "13.1.5")
ULTRASOUND = _under_root("3", "3.1", "5", "6", "6.1", "6.2", "6.3")  # 3, 5 and 6 are retired
SECONDARY_CAPTURE = _under_root("7", "7.1", "7.2", "7.3", "7.4")
# What a camera took: endoscopy, microscopy, photography, dermoscopy, of eyes, of a surface.
PHOTOGRAPHS = _under_root(
    *("77.1.1", "77.1.2", "77.1.3", "77.1.4", "77.1.6", "77.1.7", "77.1.8", "77.1.9"),  # visible light, confocal
    *("77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.5.5", "77.1.5.6", "77.1.5.7", "77.1.5.8", "81.1", "82.1"),  # eyes
)
# Pictures that devices write on, or that a camera took: never clear.
LOOKED_AT = ULTRASOUND | SECONDARY_CAPTURE | PHOTOGRAPHS
LOOKED_AT |= _under_root(
    *("12.1", "12.1.1", "12.2", "12.2.1", "12.3", "13.1.1", "13.1.2"),  # angiography, fluoroscopy, 3D X-ray
    *("14.1", "14.2", "4.3", "30", "481.1", "481.23", "481.24"),  # intravascular, MR in colour, maps, radiotherapy
)
# Results that follow from other images, measurements and waveforms: no picture to read. The text in them is decided
# element by element; a presentation state's annotations by the option that cleans graphics.
WITHOUT_PICTURE = _under_root(
    *_numbered("66.", range(1, 8)),  # registrations, fiducials, masks, surfaces, tracks
    *("67", "77.1.5.3", "91.1"),
    *_numbered("481.", [*range(2, 10), *range(10, 23), 25]),  # radiotherapy: doses, structures, plans, records
    *("9.1.1", "9.1.2", "9.1.3", "9.1.4", "9.2.1", "9.3.1", "9.5.1", "9.6.1", "9.6.2"),  # waveforms
    *("9.7.1", "9.7.2", "9.7.3", "9.7.4", "9.8.1"),
    *_numbered("78.", range(1, 9)),  # measurements of eyes
    *("79.1", "80.1"),
    *_numbered("11.", range(1, 13)),  # presentation states
)
# Of these, the ones whose numbers are stored as pixels: segmentations, dose grids, height maps.
MAPS = _under_root("66.4", "66.6", "66.7", "481.2")
# Tables of colours: of no patient, and needed to show pictures as they were seen.
WITHOUT_PICTURE |= {_ELSEWHERE + "4.39.1"}
ALLOWED = TOMOGRAPHIC | PROJECTION | LOOKED_AT | WITHOUT_PICTURE

# Reports, key object selections and dose reports. Without an option that cleans content trees the table replaces the
# Content Sequence as a whole: what is left is no report, so that these are refused rather than written empty.
REPORTS = _under_root("88.11", "88.22", "88.33", "88.34", "88.35", "88.40", "88.50", "88.59", "88.65") | _under_root(
    *_numbered("88.", range(67, 78))
)
CLEANS_REPORTS = "clean_structured_content"

# Everything else that PS3.4 lists, with the reason why it is refused.
REFUSED = {
    "dicomdir": frozenset({"1.2.840.10008.1.3.10"}),
    # Trial reports of 1999, results that quote attributes of other objects, screens laid out with texts.
    "structured_document": _under_root("88.1", "88.2", "88.3", "88.4", "90.1", "131"),
    # What a document says cannot be checked, and an empty one in its place would say something else.
    "encapsulated_document": _under_root("104.1", "104.2", "104.3", "104.4", "104.5"),
    "audio": _under_root("9.4.1", "9.4.2"),
    "transfer_syntax_unsupported": _under_root("77.1.1.1", "77.1.2.1", "77.1.4.1"),  # video
    "sop_class_not_allowed": _under_root("66", "68.1", "68.2")  # raw data; scans of a surface, such as of a face
    | _under_root("8", "9", "9.1", "10", "11", "12.77", "40", "77.1", "77.2", "129")  # retired
    | _under_root("200.1", "200.2", "200.3", "200.7", "200.8", "201.1")  # protocols and inventories of a site
    | _under_root("501.1", "501.2.1", "501.2.2", "501.3", "501.4", "501.5", "501.6", "601.1", "601.2")  # not medical
    | frozenset(
        _ELSEWHERE + suffix
        for suffix in (
            *("1.27", "1.29", "1.30"),  # prints
            *("4.34.1", "4.34.7", "4.34.10"),  # instructions to a radiotherapy machine
            *("4.38.1", "4.43.1", "4.44.1", "4.45.1"),  # of no patient: layouts, implants
        )
    ),
}
# What later editions add to these families is refused for the same reason.
_FAMILIES = (("88.", "structured_document"), ("104.", "encapsulated_document"), ("9.4.", "audio"))


def refusal(sop_class: str, options: Collection[str] = frozenset()) -> str:
    """The reason code why a SOP class is not taken under a profile's options; empty when it is."""
    if sop_class in ALLOWED or (sop_class in REPORTS and CLEANS_REPORTS in options):
        return ""
    for reason, classes in REFUSED.items():
        if sop_class in classes:
            return reason
    for suffix, reason in _FAMILIES:
        if sop_class.startswith(_ROOT + suffix):
            return reason
    return "sop_class_not_allowed"

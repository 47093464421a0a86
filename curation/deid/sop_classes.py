"""Which storage SOP classes (PS3.4 annex B) are taken, and whether their pictures need a person's look."""

_ROOT = "1.2.840.10008.5.1.4.1.1."


def _under_root(*suffixes: str) -> frozenset[str]:
    return frozenset(_ROOT + suffix for suffix in suffixes)


# Made by the device from the body: CT, MR and PET with their enhanced and legacy-converted forms, nuclear medicine.
TOMOGRAPHIC = _under_root("2", "2.1", "2.2", "4", "4.1", "4.2", "4.4", "20", "128", "128.1", "130")
# Projection X-ray, where writing can be burned in by the operator: they must say that it was not.
PROJECTION = _under_root("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "13.1.3", "13.1.4", "13.1.5")
# Pictures that devices write on, or that a camera took: always looked at.
LOOKED_AT = _under_root(
    *("3", "3.1", "5", "6", "6.1", "6.2", "6.3"),  # ultrasound; 3, 5 and 6 are retired
    *("7", "7.1", "7.2", "7.3", "7.4"),  # secondary capture
    *("12.1", "12.1.1", "12.2", "12.2.1", "12.3", "13.1.1", "13.1.2"),  # angiography, fluoroscopy, 3D X-ray
    *("14.1", "14.2", "4.3", "30", "481.1"),  # intravascular, MR in colour, parametric map, radiotherapy image
    *("77.1.1", "77.1.2", "77.1.3", "77.1.4", "77.1.6", "77.1.7"),  # visible light
    *("77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.5.5", "77.1.5.6", "77.1.5.7", "77.1.5.8", "81.1"),  # ophthalmic
)
# Results that follow from other images (masks, doses, plans, registrations) and waveforms: no picture to read.
WITHOUT_PICTURE = _under_root(
    *("66.1", "66.3", "66.4", "66.5", "66.6", "67", "481.2", "481.3", "481.5", "481.8"),
    *("9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.3.1", "9.5.1", "9.6.1", "9.7.1", "9.7.2", "9.7.3", "9.7.4", "9.8.1"),
)
# Of these, the ones whose numbers are stored as pixels: segmentations, dose grids, height maps.
MAPS = _under_root("66.4", "66.6", "481.2")
ALLOWED = TOMOGRAPHIC | PROJECTION | LOOKED_AT | WITHOUT_PICTURE

_DOCUMENTS = ("88.", "11.")
_ENCAPSULATED = ("104.",)
_AUDIO = ("9.4.",)


def refusal(sop_class: str) -> str:
    """The reason code why a SOP class is not taken; empty when it is."""
    if sop_class in ALLOWED:
        return ""
    if sop_class == "1.2.840.10008.1.3.10":
        return "dicomdir"
    for prefixes, reason in (
        (_DOCUMENTS, "structured_document"),
        (_ENCAPSULATED, "encapsulated_document"),
        (_AUDIO, "audio"),
    ):
        if sop_class.startswith(tuple(_ROOT + prefix for prefix in prefixes)):
            return reason
    return "sop_class_not_allowed"

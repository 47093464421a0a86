"""Pictures that may show a name are looked at or refused; only what a device made from the body passes by itself."""

import pytest
from pydicom.dataset import Dataset

from curation.deid import Cleaned, Quarantined, deidentify, derive_subject_key
from curation.deid.pictures.plan import PixelPlan

from . import checker, planted

KEY = derive_subject_key(b"k" * 32, "donor")
ROOT = "1.2.840.10008.5.1.4.1.1."


def outcome(**changes: object) -> str:
    """'clear', 'look' or the reason code for the planted CT with some attributes changed."""
    ds: Dataset = planted.dataset()
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    result = deidentify(planted.as_file(ds), key=KEY)
    return result.reason if isinstance(result, Quarantined) else result.pixel_risk


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "clear"),
        ({"BurnedInAnnotation": "NO"}, "clear"),
        ({"BurnedInAnnotation": "YES"}, "look"),
        ({"BurnedInAnnotation": "yes"}, "look"),
        ({"BurnedInAnnotation": "UNKNOWN"}, "look"),
        ({"RecognizableVisualFeatures": "YES"}, "look"),
        ({"ImageType": ["DERIVED", "SECONDARY"]}, "look"),
        ({"ImageType": ""}, "look"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "SCREEN SAVE"]}, "look"),
        ({"ConversionType": "WSD"}, "look"),
        ({"SOPClassUID": ROOT + "481.5"}, "look"),
        ({"SOPClassUID": ROOT + "66.4"}, "clear"),
        ({"PhotometricInterpretation": "RGB"}, "look"),
        ({"SOPClassUID": ROOT + "4"}, "look"),
        ({"SOPClassUID": ROOT + "4", "Modality": "MR"}, "clear"),
        ({"SOPClassUID": ROOT + "1"}, "look"),
        ({"SOPClassUID": ROOT + "1.1", "BurnedInAnnotation": "NO", "Modality": "DX"}, "look"),
        ({"SOPClassUID": ROOT + "6.1"}, "look"),
        ({"SOPClassUID": ROOT + "7", "BurnedInAnnotation": "NO"}, "look"),
        ({"SOPClassUID": ROOT + "77.1.6", "ImageType": ["ORIGINAL", "PRIMARY", "LABEL", "NONE"]}, "slide_label"),
        ({"SOPClassUID": ROOT + "66"}, "sop_class_not_allowed"),
        ({"SOPClassUID": ROOT + "88.1"}, "structured_document"),
        ({"SOPClassUID": ROOT + "104.1"}, "encapsulated_document"),
        ({"SOPClassUID": ROOT + "9.4.1"}, "audio"),
        ({"SOPClassUID": "1.2.840.10008.1.3.10"}, "dicomdir"),
        ({"SOPClassUID": "1.2.3.4"}, "sop_class_not_allowed"),
        ({"PixelData": planted.PIXEL_BYTES + b"Kunigunde"}, "pixel_data_length"),
        ({"PixelData": planted.PIXEL_BYTES + bytes(10)}, "clear"),
    ],
)
def test_the_risk_follows_from_what_the_object_says(changes: dict[str, object], expected: str) -> None:
    assert outcome(**changes) == expected


def test_an_overlay_in_unused_pixel_bits_is_planned_for_and_its_group_goes() -> None:
    ds = planted.dataset()
    del ds[0x60003000]
    ds.add_new(0x60000100, "US", 16)
    result = deidentify(planted.as_file(ds), key=KEY)
    assert isinstance(result, Cleaned)
    assert result.pixel_plan == PixelPlan("clean", ("acquired", "hidden_bits"), hidden_bits=True)
    assert not any(0x6000 <= element.tag.group <= 0x60FF for element in checker.read(result.data))


def test_a_picture_inside_a_sequence_goes() -> None:
    ds = planted.dataset()
    ds.ReferencedImageSequence[0].add_new(0x7FE00010, "OW", b"Kunigunde!")
    result = deidentify(planted.as_file(ds), key=KEY)
    assert isinstance(result, Cleaned)
    assert b"Kunigunde" not in result.data
    assert result.decisions["own:nested-picture"] == 1


def test_what_stands_there_twice_is_kept_as_it_was_judged() -> None:
    data = planted.as_file(planted.dataset())
    first = b"\x28\0\x10\0US\2\0\x10\0"
    assert data.count(first) == 1
    result = deidentify(data.replace(first, first + b"\x28\0\x10\0US\2\0\xff\xff"), key=KEY)
    assert isinstance(result, Cleaned)
    assert (result.rows, result.warnings > 0) == (16, True)


def test_a_result_shows_no_bytes() -> None:
    result = deidentify(planted.as_file(planted.dataset()), key=KEY)
    assert isinstance(result, Cleaned)
    assert "data=" not in repr(result)

"""Pictures beside the picture go, at every depth: icons, thumbnails in private elements, what is no look-up table."""

import struct
from collections.abc import Iterator

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.limits import MAX_LUT_BYTES, MAX_PRIVATE_NUMBER_BYTES

from . import checker, planted

KEY = derive_subject_key(b"k" * 32, "donor")
PHILIPS, GEMS = "Philips Imaging DD 001", "GEMS_PARM_01"
DRAWN = bytes(range(200, 232)) * 32


def picture() -> Dataset:
    """A picture of 32 by 32, as icons and thumbnails are."""
    item = Dataset()
    item.Rows = item.Columns = 32
    item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
    item.BitsAllocated = item.BitsStored = 8
    item.HighBit, item.PixelRepresentation = 7, 0
    item.add_new(0x7FE00010, "OB", DRAWN)
    return item


def cleaned(ds: Dataset) -> Dataset:
    """What is left of the object."""
    result = deidentify(planted.as_file(ds), key=KEY)
    assert isinstance(result, Cleaned), result
    assert DRAWN not in result.data
    return checker.read(result.data)


def everywhere(ds: Dataset) -> Iterator[Dataset]:
    """A data set and all that are in it."""
    yield ds
    for element in ds:
        if element.VR == "SQ":
            for item in element.value:
                yield from everywhere(item)


def in_private(ds: Dataset, item: Dataset) -> None:
    """Puts an item into a sequence that the standard's list of safe private elements names."""
    ds.add_new(0x20010010, "LO", PHILIPS)
    ds.add_new(0x2001105F, "SQ", Sequence([item]))


@pytest.mark.parametrize("depth", range(3))
def test_an_icon_goes_whole_at_every_depth(depth: int) -> None:
    ds = planted.dataset()
    place = ds
    for _ in range(depth):
        place = place.ReferencedImageSequence[0]
    place.IconImageSequence = Sequence([picture()])
    found = cleaned(ds)
    assert not any("IconImageSequence" in each for each in everywhere(found))
    assert sum("PixelData" in each for each in everywhere(found)) == 1


def test_a_picture_in_a_safe_private_sequence_goes() -> None:
    for wrapped in (False, True):
        ds, item = planted.dataset(), picture()
        if wrapped:
            outer = Dataset()
            outer.IconImageSequence = Sequence([item])
            item = outer
        in_private(ds, item)
        assert sum("PixelData" in each for each in everywhere(cleaned(ds))) == 1


@pytest.mark.parametrize("tag", [0x7FE00008, 0x7FE00009, 0x7FE00010])
def test_no_form_of_pixel_data_stays_in_a_sequence(tag: int) -> None:
    ds = planted.dataset()
    ds.ReferencedImageSequence[0].add_new(tag, {8: "OF", 9: "OD", 16: "OB"}[tag & 0xFF], DRAWN)
    assert not any(tag in each for each in everywhere(cleaned(ds)) if "ReferencedSOPInstanceUID" in each)


@pytest.mark.parametrize("vr", ["OB", "OW", "UN", "OF", "OL"])
def test_a_thumbnail_in_a_private_element_goes_whoever_made_it(vr: str) -> None:
    for creator in ("ACME THUMBNAILS", GEMS, PHILIPS):
        ds = planted.dataset()
        ds.add_new(0x00430010, "LO", creator)
        for number in (0x1001, 0x1010, 0x102A, 0x1039, 0x106F):
            ds.add_new(0x00430000 | number, vr, DRAWN)
        cleaned(ds)


def test_numbers_of_a_device_are_few() -> None:
    """(2001,xxD1) of Philips, Index Number Vector, is a safe US of any multiplicity: thousands are a picture."""
    for count, stays in ((4, True), (MAX_PRIVATE_NUMBER_BYTES // 2 + 1, False)):
        ds = planted.dataset()
        ds.add_new(0x20010010, "LO", PHILIPS)
        ds.add_new(0x200110D1, "US", [7] * count)
        assert (0x200110D1 in cleaned(ds)) == stays


def lut(data: bytes) -> Dataset:
    """An object with a VOI LUT of these bytes."""
    ds, item = planted.dataset(), Dataset()
    item.LUTDescriptor = [len(data) // 2 % 65536, 0, 16]
    item.add_new(0x00283006, "OW", data)
    ds.VOILUTSequence = Sequence([item])
    return ds


def test_what_is_longer_than_a_look_up_table_can_be_goes() -> None:
    ramp = struct.pack("<65536H", *range(65536))
    assert len(ramp) == MAX_LUT_BYTES
    assert cleaned(lut(ramp)).VOILUTSequence[0].LUTData == ramp
    assert cleaned(lut(ramp + b"\0\0")).VOILUTSequence[0].LUTData == b"\0\0"  # which must be there


def test_a_look_up_table_that_is_text_about_the_donor_is_held() -> None:
    for size in (600, 60_000):
        name = planted.NAME.encode().ljust(size, b"\0")
        result = deidentify(planted.as_file(lut(name)), key=KEY)
        assert not isinstance(result, Cleaned)
        assert result.reason == "residual_identity"


def test_a_plan_with_a_picture_of_floating_numbers_is_looked_at() -> None:
    ds = planted.dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.481.5"
    del ds.PixelData
    ds.add_new(0x7FE00008, "OF", bytes(1024))
    result = deidentify(planted.as_file(ds), key=KEY)
    assert isinstance(result, Cleaned)
    assert (result.pixel_risk, result.pixel_plan.reasons) == ("look", ("attached_picture",))

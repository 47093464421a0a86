"""Plans for pictures: what makes them clear, where ultrasound devices and the catalogue say that writing stands."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from curation.deid import Cleaned, Deidentifier, deidentify, derive_subject_key
from curation.deid.pictures import criteria, devices, pixels
from curation.deid.pictures.plan import PixelPlan, Region
from curation.deid.standard import sop_classes
from curation.rules import risks

from . import planted

KEY = derive_subject_key(b"k" * 32, "donor")
ROOT = "1.2.840.10008.5.1.4.1.1."
ULTRASOUND = ROOT + "6.1"


def plan(**changes: object) -> PixelPlan:
    """The plan for the planted CT with some attributes changed."""
    return plan_of(changed(planted.dataset(), changes))


def changed(ds: Dataset, changes: dict[str, object]) -> Dataset:
    """The object with attributes set by keyword."""
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    return ds


def plan_of(ds: Dataset) -> PixelPlan:
    """The plan for an object."""
    result = deidentify(planted.as_file(ds), key=KEY)
    assert isinstance(result, Cleaned), result
    assert result.pixel_risk == result.pixel_plan.risk
    return result.pixel_plan


def region(left: int, top: int, right: int, bottom: int, shape: int = 1, kind: int = 1) -> Dataset:
    """One item of the Sequence of Ultrasound Regions."""
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = shape, kind, 3
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    return item


def ultrasound(*regions: Dataset, **changes: object) -> PixelPlan:
    """The plan for an ultrasound picture of 100 columns and 80 rows with these regions."""
    ds = planted.dataset()
    ds.SOPClassUID, ds.Modality, ds.Rows, ds.Columns = ULTRASOUND, "US", 80, 100
    ds.BitsAllocated = ds.BitsStored = 8
    ds.HighBit, ds.PixelData = 7, bytes(8000)
    ds.SequenceOfUltrasoundRegions = Sequence(regions)
    return plan_of(changed(ds, changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"BurnedInAnnotation": "YES"}, "says_burned_in"),
        ({"BurnedInAnnotation": "UNKNOWN"}, "says_burned_in"),
        ({"RecognizableVisualFeatures": "YES"}, "says_face"),
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL"]}, "not_original"),
        ({"ImageType": ["ORIGINAL", "SECONDARY", "AXIAL"]}, "not_original"),
        ({"ImageType": ["ORIGINAL", "PRIMARY"]}, "not_original"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "OTHER"]}, "not_original"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 PROT"]}, "screen"),
        ({"ConversionType": "SD"}, "scanned"),
        ({"ConversionType": "DF"}, "scanned"),
        ({"ConversionType": "WSD"}, "converted"),
        ({"SecondaryCaptureDeviceManufacturer": "ACME"}, "converted"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3, "PixelData": bytes(1536)}, "colour"),
        ({"BitsStored": 8, "HighBit": 7}, "few_bits"),
        ({"Modality": "OT"}, "modality_unfit"),
        ({"SeriesDescription": "Patient Protocol"}, "series_named"),
        ({"SOPClassUID": ROOT + "7"}, "secondary_capture"),
        ({"SOPClassUID": ROOT + "1"}, "radiograph"),
        ({"SOPClassUID": ROOT + "1.1.1", "Modality": "DX"}, "for_presentation"),
        ({"SOPClassUID": ROOT + "77.1.4"}, "photograph"),
        ({"SOPClassUID": ROOT + "12.1"}, "looked_at"),
        ({"SOPClassUID": ROOT + "481.5"}, "attached_picture"),
        ({"SOPClassUID": ROOT + "4.2"}, "attached_picture"),
        ({"SOPClassUID": ROOT + "66.4", "BurnedInAnnotation": "YES"}, "says_burned_in"),
    ],
)
def test_each_doubt_alone_makes_a_picture_one_to_look_at(changes: dict[str, object], reason: str) -> None:
    found = plan(**changes)
    assert found.risk == "look"
    assert reason in found.reasons
    if reason not in criteria.KINDS and reason != "looked_at":
        assert found.reasons == (reason,)
    # What a file says in its own favour takes no doubt away.
    if "BurnedInAnnotation" not in changes:
        assert plan(**changes, BurnedInAnnotation="NO") == found


def test_what_the_detector_measured_before_anything_was_shown_is_clear() -> None:
    found = plan(SOPClassUID=ROOT + "1.1.1", Modality="DX", PresentationIntentType="FOR PROCESSING")
    assert found == PixelPlan("clear", ("acquired",))
    assert plan(SOPClassUID=ROOT + "1.1.1", PresentationIntentType="FOR PROCESSING").risk == "look"


def test_no_class_but_acquisitions_and_results_is_ever_clear() -> None:
    for uid in sorted(sop_classes.ALLOWED - criteria.ACQUIRED - sop_classes.WITHOUT_PICTURE):
        assert plan(SOPClassUID=uid, Modality="CT", BurnedInAnnotation="NO").risk == "look", uid


def test_ultrasound_regions_are_what_stays() -> None:
    found = ultrasound(region(10, 20, 59, 69), region(60, 20, 89, 69, 3, 3))
    assert (found.risk, found.keep) == ("clean", (Region(10, 20, 50, 50), Region(60, 20, 30, 50)))
    assert "regions" in found.reasons
    assert ultrasound(region(10, 20, 59, 69), BurnedInAnnotation="YES").risk == "clean"


def test_text_and_graphics_are_no_region_of_an_ultrasound_picture() -> None:
    body = region(10, 20, 59, 69)
    for other in (region(0, 0, 99, 15, 5, 0), region(0, 0, 99, 15, 0, 0), region(2, 20, 8, 40, 1, 0xE)):
        assert ultrasound(body, other).keep == (Region(10, 20, 50, 50),)
        assert ultrasound(other).reasons[-1] == "regions_unusable"


@pytest.mark.parametrize(
    ("regions", "reason"),
    [
        ([], "no_regions"),
        ([region(10, 20, 100, 69)], "regions_unusable"),
        ([region(10, 20, 59, 80)], "regions_unusable"),
        ([region(59, 20, 10, 69)], "regions_unusable"),
        ([region(10, 20, 10, 20)], "regions_unusable"),
        ([region(10, 20, 59, 69), region(90, 20, 120, 69)], "regions_unusable"),
        ([region(10, 20, 4294967295, 69)], "regions_unusable"),
        ([region(0, 0, 99, 79)], "regions_say_nothing"),
        ([region(0, 1, 99, 79)], "regions_say_nothing"),
        ([region(0, 0, 95, 40)], "regions_say_nothing"),
        ([region(0, 5, 99, 40), region(0, 41, 99, 79), region(0, 0, 49, 20)], "regions_say_nothing"),
    ],
)
def test_regions_that_cannot_be_believed_leave_a_picture_to_a_person(regions: list[Dataset], reason: str) -> None:
    found = ultrasound(*regions)
    assert (found.risk, found.keep, found.reasons[-1]) == ("look", (), reason)


def test_a_region_that_lacks_a_bound_is_not_believed() -> None:
    item = region(10, 20, 59, 69)
    del item.RegionLocationMaxY1
    assert ultrasound(item).reasons[-1] == "regions_unusable"


def test_an_ultrasound_screen_or_face_is_looked_at_whatever_its_regions() -> None:
    body = region(10, 20, 59, 69)
    for changes in (
        {"ImageType": ["ORIGINAL", "PRIMARY", "SCREEN SAVE"]},
        {"RecognizableVisualFeatures": "YES"},
        {"ConversionType": "SD"},
        {"Modality": "OT"},
    ):
        found = ultrasound(body, **changes)
        assert (found.risk, found.keep) == ("look", (Region(10, 20, 50, 50),))


LOCALIZER = {"Manufacturer": "GE MEDICAL SYSTEMS", "ManufacturerModelName": "LightSpeed VCT"}


def test_a_row_that_others_vouch_for_makes_a_clear_picture_one_to_look_at_and_takes_nothing_out() -> None:
    found = plan(**LOCALIZER, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    assert found == PixelPlan("look", ("device_unverified",), device="deid-003")
    assert plan(**LOCALIZER).risk == "clear"


def test_a_row_that_others_vouch_for_is_blanked_where_a_person_looks_in_any_case() -> None:
    found = plan(**LOCALIZER, ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"], SeriesDescription="Dose Report")
    assert (found.risk, found.device) == ("look", "deid-001")
    assert Region(0, 0, 16, 16) in found.blank  # cut to the frame, which is small


def test_a_row_that_our_own_people_verified_makes_a_picture_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"id": "own-1", "manufacturer": ["acme"], "blank": [[2, 3, 99, 4], [50, 0, 5, 5]]}
    own = devices.layout({**row, "vouched_by": "us", "verified_by": "us"}, "CT")
    monkeypatch.setattr(devices, "catalogue", lambda: {"CT": (own,)})
    found = plan(ImageType=["DERIVED", "SECONDARY"])
    assert found == PixelPlan("clean", ("not_original", "device"), blank=(Region(2, 3, 14, 4),), device="own-1")
    assert plan(RecognizableVisualFeatures="YES").risk == "look"
    other = devices.layout({**row, "vouched_by": "others", "verified_by": ""}, "CT")
    monkeypatch.setattr(devices, "catalogue", lambda: {"CT": (own, other)})
    assert plan(ImageType=["DERIVED", "SECONDARY"]).risk == "look"


def test_every_row_of_the_catalogue_names_its_voucher_and_something_to_match() -> None:
    rows = devices.load("devices.json")["rows"]
    assert len({row["id"] for row in rows}) == len(rows) > 50
    known = {"id", "label", "vouched_by", "source", "date", "verified_by", "blank", "keep"}
    known |= {"modality", "manufacturer", "sop_class", *devices.TEXTS, *devices.SIZES}
    for row in rows:
        assert row.keys() <= known
        assert row["vouched_by"]
        assert row["source"]
        assert row["date"]
        assert row.get("manufacturer") or row.get("model")
        for each in (*row.get("blank", ()), *row.get("keep", ())):
            assert len(each) == 4
            assert min(each) >= 0
            assert min(each[2:]) > 0


def test_every_reason_that_can_be_given_has_its_sentence() -> None:
    codes = {*criteria.CRITERIA, *criteria.KINDS, "looked_at", "attached_picture", "device", "device_unverified"}
    codes |= {"no_regions", "regions", "regions_unusable", "regions_say_nothing", "hidden_bits"}
    codes |= {"acquired", "without_picture", "numbers"}
    assert codes | set(risks.SEEN) == set(risks.REASONS)
    assert not codes & set(risks.SEEN)


def test_files_that_say_the_same_share_a_plan_and_others_do_not() -> None:
    engine = Deidentifier(KEY)
    for number in range(pixels._MOST_PLANS + 9):
        ds = planted.dataset()
        ds.ManufacturerModelName = f"Scan {number}"
        ds.ConversionType = "WSD" if number % 2 else ""
        result = engine.clean(planted.as_file(ds))
        assert isinstance(result, Cleaned)
        assert result.pixel_risk == ("look" if number % 2 else "clear")
    assert len(engine._plans) <= pixels._MOST_PLANS


def test_a_hidden_overlay_leaves_a_doubted_picture_doubted() -> None:
    ds = changed(planted.dataset(), {"ConversionType": "WSD"})
    del ds[0x60003000]
    ds.add_new(0x60020100, "US", 16)
    assert plan_of(ds) == PixelPlan("look", ("converted", "hidden_bits"), hidden_bits=True)

"""Every kind of object is taken or refused by name, and what refers to what is the same after cleaning as before."""

from collections import Counter
from io import BytesIO
from itertools import combinations

import pydicom
import pytest
from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID, CTImageStorage

from curation.deid import (
    BASIC,
    RESEARCH,
    Cleaned,
    Profile,
    Quarantined,
    deidentify,
    derive_subject_key,
)
from curation.deid.reasons import SENTENCES
from curation.deid.sop_classes import ALLOWED, CLEANS_REPORTS, REFUSED, REPORTS, refusal

from . import checker, corpus, planted
from .reports import ROOT, by_reference, code, content, reference, report

KEY = derive_subject_key(b"k" * 32, "donor")
FRAME = "1.2.840.99999.1.55"
IMAGE = f"{planted.SERIES_UID}.3"
STORAGE = sorted(
    uid
    for uid, entry in UID_dictionary.items()
    if entry[1] == "SOP Class" and "Storage" in entry[0] and "Commitment" not in entry[0]
)
# One of each kind that refers to others, and the pictures that are referred to.
REAL = ["rtplan.dcm", "rtdose.dcm", "rtdose_1frame.dcm", "liver_1frame.dcm", "waveform_ecg.dcm", "emri_small.dcm"]
REAL += ["eCT_Supplemental.dcm", "CT_small.dcm", "MR_small.dcm"]
REPORTS_OF_THE_WILD = ["test-SR.dcm", "reportsi.dcm", "reportsi_with_empty_number_tags.dcm"]


def written(data: bytes) -> bytes:
    """The file after cleaning."""
    result = deidentify(data, key=KEY)
    assert isinstance(result, Cleaned), result
    return result.data


def read_again(data: bytes) -> FileDataset:
    """The object as pydicom reads it after cleaning."""
    return pydicom.dcmread(BytesIO(written(data)))


def real(name: str) -> bytes:
    """One of the real files."""
    return next(path for path in corpus.files() if path.name == name).read_bytes()


def pairs(before: Dataset, after: Dataset) -> list[tuple[str, str]]:
    """Each UID that is left, with the one that stood in its place."""
    found = []
    for element in after:
        if element.tag not in before or element.tag.group == 0x0012:
            continue
        old = before[element.tag]
        if element.VR == "SQ" and len(element.value) == len(old.value):
            for one, other in zip(old.value, element.value, strict=True):
                found += pairs(one, other)
        elif element.VR == "UI":
            found += zip(checker.values(old), checker.values(element), strict=True)
    return [(old, new) for old, new in found if old]


def test_every_storage_class_of_the_standard_has_one_place() -> None:
    assert len(STORAGE) > 180
    places = {uid: sum(uid in group for group in (ALLOWED, REPORTS, *REFUSED.values())) for uid in STORAGE}
    assert [UID(uid).name for uid, count in places.items() if count != 1] == []
    assert {refusal(uid) for uid in STORAGE} <= {"", *SENTENCES}


def test_no_class_is_named_that_the_standard_does_not_know() -> None:
    named: set[str] = set().union(ALLOWED, REPORTS, *REFUSED.values())
    assert named <= set(UID_dictionary)
    for one, other in combinations((ALLOWED, REPORTS, *REFUSED.values()), 2):
        assert not one & other


@pytest.mark.parametrize(
    ("suffix", "options", "reason"),
    [
        ("88.11", {CLEANS_REPORTS}, ""),
        ("88.59", {CLEANS_REPORTS}, ""),
        ("88.11", {"clean_descriptors"}, "structured_document"),
        ("88.999", {CLEANS_REPORTS}, "structured_document"),
        ("11.1", set(), ""),
        ("66", {CLEANS_REPORTS}, "sop_class_not_allowed"),
        ("77.1.1.1", {CLEANS_REPORTS}, "transfer_syntax_unsupported"),
        ("104.99", {CLEANS_REPORTS}, "encapsulated_document"),
        ("9.4.9", {CLEANS_REPORTS}, "audio"),
        ("999", {CLEANS_REPORTS}, "sop_class_not_allowed"),
    ],
)
def test_a_kind_is_taken_or_refused_with_its_reason(suffix: str, options: set[str], reason: str) -> None:
    assert refusal(ROOT + suffix, options) == reason


@pytest.mark.parametrize("kind", ["104.1", "104.2", "104.3", "9.4.1", "66", "131"])
def test_what_cannot_be_checked_is_quarantined_whatever_else_it_holds(kind: str) -> None:
    whole = planted.dataset()
    whole.SOPClassUID = ROOT + kind
    assert isinstance(deidentify(planted.as_file(whole), key=KEY), Quarantined)


@pytest.mark.parametrize("sop_class", sorted(ALLOWED | REPORTS), ids=lambda uid: UID(uid).name)
@pytest.mark.parametrize("profile", [BASIC, RESEARCH], ids=lambda profile: profile.name)
def test_whatever_an_object_says_it_is_nothing_of_its_subject_is_left(sop_class: str, profile: Profile) -> None:
    whole = planted.dataset()
    whole.SOPClassUID = sop_class
    whole.ContentSequence = [content("TEXT", "121071/DCM", planted.NAME), content("PNAME", "1/99L", planted.NAME)]
    whole.AcquisitionContextSequence = [content("TEXT", "121071/DCM", planted.NAME)]
    result = deidentify(planted.as_file(whole), key=KEY, profile=profile)
    if isinstance(result, Quarantined):
        assert (sop_class in REPORTS, result.reason, profile) == (True, "structured_document", BASIC)
        return
    assert result.sop_class_uid == sop_class
    assert [secret for secret in planted.SECRETS if secret.lower().encode() in result.data.lower()] == []


def test_notes_on_a_waveform_go() -> None:
    whole = derived(ROOT + "9.1.1", 9)
    note = Dataset()
    note.UnformattedTextValue, note.ReferencedWaveformChannels, note.AnnotationGroupNumber = planted.NAME, [1, 1], 1
    whole.WaveformAnnotationSequence = [note]
    for profile in (BASIC, RESEARCH):
        result = deidentify(planted.as_file(whole), key=KEY, profile=profile)
        assert isinstance(result, Cleaned)
        assert "WaveformAnnotationSequence" not in pydicom.dcmread(BytesIO(result.data))


def test_a_slide_whose_label_is_in_the_picture_is_refused() -> None:
    whole = planted.dataset()
    whole.SOPClassUID, whole.ImageType = ROOT + "77.1.6", ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    whole.SpecimenLabelInImage = "YES"
    result = deidentify(planted.as_file(whole), key=KEY)
    assert isinstance(result, Quarantined)
    assert result.reason == "slide_label"


def test_a_slide_loses_the_text_of_its_label() -> None:
    whole = planted.dataset()
    whole.SOPClassUID, whole.ImageType = ROOT + "77.1.6", ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    whole.SpecimenLabelInImage = "NO"
    whole.LabelText, whole.BarcodeValue = planted.NAME, planted.NUMBER
    after = read_again(planted.as_file(whole))
    assert [after.get("LabelText", ""), after.get("BarcodeValue", "")] == ["", ""]


def test_over_real_files_each_uid_has_one_successor_and_each_successor_one_uid() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for name in REAL:
        data = real(name)
        found.update(pairs(checker.read(data), read_again(data)))
    assert len(found) > 40
    assert len({old for old, _ in found}) == len({new for _, new in found}) == len(found)


@pytest.mark.parametrize("name", REPORTS_OF_THE_WILD)
def test_a_real_report_is_read_again_and_its_inner_references_hold(name: str) -> None:
    data = real(name)
    after = read_again(data)
    assert after.CompletionFlag == checker.read(data).CompletionFlag
    for place in inner_references(after):
        assert "ValueType" in item_at(after, place)


@pytest.mark.parametrize("name", REPORTS_OF_THE_WILD)
def test_a_report_of_which_nothing_would_be_left_is_quarantined(name: str) -> None:
    result = deidentify(real(name), key=KEY, profile=BASIC)
    assert isinstance(result, Quarantined)
    assert result.reason == "structured_document"


def inner_references(item: Dataset) -> list[list[int]]:
    """The positions that a report's items refer to."""
    found = []
    for child in item.get("ContentSequence", []):
        if "ReferencedContentItemIdentifier" in child:
            found.append(list(child.ReferencedContentItemIdentifier))
        found += inner_references(child)
    return found


def item_at(root: Dataset, place: list[int]) -> Dataset:
    """The item at a position, the root being 1."""
    for number in place[1:]:
        root = root.ContentSequence[number - 1]
    return root


def derived(sop_class: str, number: int) -> Dataset:
    """An object of the planted patient without a picture, in the frame of reference of all the others."""
    whole = report(sop_class=sop_class)
    for keyword in ("ContentSequence", "ValueType", "ContinuityOfContent", "ConceptNameCodeSequence"):
        delattr(whole, keyword)
    del whole.CompletionFlag, whole.VerificationFlag
    whole.SOPInstanceUID, whole.SeriesInstanceUID = f"1.2.840.99999.2.{number}", f"1.2.840.99999.3.{number}"
    whole.FrameOfReferenceUID = FRAME
    return whole


def picture() -> Dataset:
    """The CT that the others refer to."""
    whole = planted.dataset()
    whole.FrameOfReferenceUID = FRAME
    return whole


def structures() -> Dataset:
    """Contours on the picture."""
    whole = derived(ROOT + "481.3", 1)
    frame, study, series, roi, contour, drawn, observed = (Dataset() for _ in range(7))
    series.SeriesInstanceUID, series.ContourImageSequence = planted.SERIES_UID, [reference(IMAGE)]
    study.ReferencedSOPClassUID, study.ReferencedSOPInstanceUID = "1.2.840.10008.3.1.2.3.1", planted.STUDY_UID
    study.RTReferencedSeriesSequence = [series]
    frame.FrameOfReferenceUID, frame.RTReferencedStudySequence = FRAME, [study]
    roi.ROINumber, roi.ReferencedFrameOfReferenceUID, roi.ROIName = 7, FRAME, f"GTV {planted.NAME}"
    contour.ReferencedROINumber, contour.ContourSequence = 7, [drawn]
    drawn.ContourImageSequence = [reference(IMAGE)]
    drawn.ContourGeometricType, drawn.NumberOfContourPoints, drawn.ContourData = "POINT", 1, [1.0, 2.0, 3.0]
    observed.ObservationNumber, observed.ReferencedROINumber, observed.ROIInterpreter = 1, 7, "Dr. Quacksalber"
    observed.ROIObservationLabel, observed.RTROIInterpretedType = "Kunigunde", "GTV"
    whole.StructureSetLabel, whole.ReferencedFrameOfReferenceSequence = "Kunigunde", [frame]
    whole.StructureSetROISequence, whole.ROIContourSequence = [roi], [contour]
    whole.RTROIObservationsSequence = [observed]
    return whole


def plan() -> Dataset:
    """A plan on the structures."""
    whole = derived(ROOT + "481.5", 2)
    set_ = Dataset()
    set_.ReferencedSOPClassUID, set_.ReferencedSOPInstanceUID = ROOT + "481.3", "1.2.840.99999.2.1"
    whole.RTPlanLabel, whole.ReferencedStructureSetSequence = "Kunigunde", [set_]
    return whole


def key_objects() -> Dataset:
    """A selection of the picture, and of the plan among the evidence."""
    evidence, series = Dataset(), Dataset()
    series.SeriesInstanceUID, series.ReferencedSOPSequence = planted.SERIES_UID, [reference(IMAGE)]
    evidence.StudyInstanceUID, evidence.ReferencedSeriesSequence = planted.STUDY_UID, [series]
    whole = report(
        content("TEXT", "113012/DCM", planted.NAME),
        content("IMAGE", "1/99LOCAL", IMAGE),
        content("UIDREF", "112002/DCM", planted.SERIES_UID),
        content("CONTAINER", "121070/DCM", None, by_reference(1, 2)),
        sop_class=ROOT + "88.59",
    )
    whole.SOPInstanceUID = "1.2.840.99999.2.3"
    whole.CurrentRequestedProcedureEvidenceSequence = [evidence]
    author = Dataset()
    author.VerifyingObserverName, author.VerifyingOrganization = "Dr. Quacksalber", "Dr. Quacksalber"
    author.VerificationDateTime = "20190104"
    author.VerifyingObserverIdentificationCodeSequence = [code(f"7734921/99KUNI/{planted.NAME}")]
    whole.VerifyingObserverSequence, whole.AuthorObserverSequence = [author], [author]
    return whole


def test_what_was_written_about_an_acquisition_is_cleaned_like_a_report() -> None:
    whole = planted.dataset()
    sex, age, subject, dose = (
        content("CODE", "121032/DCM", "248152002/SCT"),
        content("NUM", "121033/DCM", "95 a"),
        content("TEXT", "121030/DCM", planted.NUMBER),
        content("NUM", "113507/DCM", "12 mg"),
    )
    for item in (age, dose):
        item.ValueType = "NUMERIC"
        item.update(item.MeasuredValueSequence[0])
        del item.MeasuredValueSequence
    modified = content("TEXT", "121106/DCM", planted.NAME)
    modified.ContentItemModifierSequence = [content("PNAME", "121152/DCM", planted.NAME)]
    whole.AcquisitionContextSequence = [sex, age, subject, dose, modified]
    after = read_again(planted.as_file(whole)).AcquisitionContextSequence
    assert [item.ValueType for item in after] == ["CODE", "NUMERIC", "TEXT", "NUMERIC"]
    assert [item.NumericValue for item in after if "NumericValue" in item] == [90, 12]
    assert after[2].TextValue == read_again(planted.as_file(whole)).PatientID


def test_a_set_of_objects_refers_to_each_other_as_before() -> None:
    whole = {}
    for name, source in (("ct", picture()), ("rs", structures()), ("rp", plan()), ("ko", key_objects())):
        data = planted.as_file(source)
        after = whole[name] = read_again(data)
        assert [secret for secret in planted.SECRETS if secret.lower().encode() in written(data).lower()] == []
        assert after.StudyInstanceUID == whole["ct"].StudyInstanceUID
    ct, rs, rp, ko = whole.values()
    frame = rs.ReferencedFrameOfReferenceSequence[0]
    assert frame.FrameOfReferenceUID == rs.StructureSetROISequence[0].ReferencedFrameOfReferenceUID
    assert frame.FrameOfReferenceUID == ct.FrameOfReferenceUID
    series = frame.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    assert series.SeriesInstanceUID == ct.SeriesInstanceUID
    drawn = rs.ROIContourSequence[0].ContourSequence[0]
    assert drawn.ContourImageSequence[0].ReferencedSOPInstanceUID == ct.SOPInstanceUID
    assert list(drawn.ContourData) == [1.0, 2.0, 3.0]
    numbers = rs.StructureSetROISequence[0].ROINumber, rs.RTROIObservationsSequence[0].ReferencedROINumber
    assert (*numbers, rs.ROIContourSequence[0].ReferencedROINumber) == (7, 7, 7)
    assert rp.ReferencedStructureSetSequence[0].ReferencedSOPInstanceUID == rs.SOPInstanceUID
    selected = {item.ValueType: item for item in ko.ContentSequence if "ValueType" in item}
    assert selected["IMAGE"].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == ct.SOPInstanceUID
    assert selected["IMAGE"].ReferencedSOPSequence[0].ReferencedSOPClassUID == CTImageStorage
    assert ct.SeriesInstanceUID == selected["UIDREF"].UID
    for place in inner_references(ko):
        assert item_at(ko, place).ValueType == "IMAGE"
    evidence = ko.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == ct.SOPInstanceUID
    assert "AuthorObserverSequence" not in ko
    observer = ko.VerifyingObserverSequence[0]
    assert (observer.VerifyingObserverName, observer.VerifyingOrganization) == ("REMOVED", "REMOVED")
    assert list(observer.VerifyingObserverIdentificationCodeSequence) == []

"""An identity planted in every place of an object is gone from the output, and what use needs is still there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian

from curation.deid import Cleaned, deidentify, derive_subject_key

from . import checker, planted
from .residual import residual_search
from .subject import subject_values

KEY = derive_subject_key(b"k" * 32, "kunigunde")


def cleaned(data: bytes) -> Cleaned:
    """The result, which must not be a refusal."""
    result = deidentify(data, key=KEY)
    assert isinstance(result, Cleaned), result
    return result


@pytest.fixture(params=["explicit", "implicit", "deflated"])
def data(request: pytest.FixtureRequest) -> bytes:
    """The planted object in each way of writing it."""
    if request.param == "deflated":
        return planted.as_file(planted.dataset(), syntax=DeflatedExplicitVRLittleEndian)
    return planted.as_file(planted.dataset(), implicit=request.param == "implicit")


def test_nothing_planted_is_left(data: bytes) -> None:
    output = cleaned(data).data
    assert residual_search(output, planted.SECRETS) == []
    assert residual_search(output, subject_values(data)) == []
    assert checker.survivors(data, output) == []
    for secret in (b"zwetschg", b"kunigunde", b"7734921", b"19610417", b"quacksalber", b"pflaumenweg"):
        assert secret not in output.lower()


def test_what_research_needs_is_kept(data: bytes) -> None:
    result = cleaned(data)
    after = checker.read(result.data)
    assert bytes(after.PixelData) == planted.PIXEL_BYTES
    assert list(after.ImageType) == ["ORIGINAL", "PRIMARY", "AXIAL", "REMOVED"]
    assert (after.Manufacturer, after.ConvolutionKernel, after.StudyTime) == ("ACME", "B30f", "101112.345")
    assert (after.Rows, after.Columns, after.Modality) == (16, 16, "CT")
    assert after.AcquisitionDateTime.endswith("101112.345+0100")
    assert (result.rows, result.columns, result.frames, result.modality) == (16, 16, 1, "CT")


def test_the_object_says_what_was_done(data: bytes) -> None:
    after = checker.read(cleaned(data).data)
    assert after.PatientIdentityRemoved == "YES"
    assert after.LongitudinalTemporalInformationModified == "MODIFIED"
    methods = {item.CodeValue for item in after.DeidentificationMethodCodeSequence}
    assert {"113100", "113105", "113107", "113108"} <= methods <= {"113100", *map(str, range(113103, 113113))}
    assert not methods & {"113106", "113109", "113110", "113112"}
    assert after.PatientID == str(after.PatientName) != ""
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID
    assert "SourceApplicationEntityTitle" not in after.file_meta


def test_texts_that_echo_the_subject_go_and_so_do_local_codes(data: bytes) -> None:
    after = checker.read(cleaned(data).data)
    assert after.get("ManufacturerModelName", "REMOVED") == "REMOVED"
    assert after.get("SoftwareVersions", "REMOVED") == "REMOVED"
    public, local = after.AnatomicRegionSequence
    assert (public.CodeValue, public.CodeMeaning) == ("T-D1100", "Head")
    assert (local.CodeMeaning, local.CodingSchemeDesignator) == ("REMOVED", "99DONARA")


def test_references_keep_pointing_at_each_other(data: bytes) -> None:
    other = planted.dataset()
    other.SOPInstanceUID = f"{planted.STUDY_UID}.9"
    first, second = checker.read(cleaned(data).data), checker.read(cleaned(planted.as_file(other)).data)
    deepest = first.ReferencedImageSequence[0]
    while "ReferencedImageSequence" in deepest:
        assert deepest.ReferencedSOPInstanceUID == second.SOPInstanceUID
        deepest = deepest.ReferencedImageSequence[0]
    assert deepest.ReferencedSOPInstanceUID == second.SOPInstanceUID
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID


TEXT_KEYWORDS = [
    *("PatientName", "PatientComments", "InstitutionName", "StudyDescription", "ImageComments", "OperatorsName"),
    *("DetectorDescription", "RequestingPhysician", "PatientAddress", "TextValue", "FrameLabel", "CodeMeaning"),
    *("AdditionalPatientHistory", "DerivationDescription", "BodyPartExamined", "ScanOptions", "SoftwareVersions"),
]
SEQUENCES = [
    "ReferencedImageSequence",
    "SourceImageSequence",
    "AnatomicRegionSequence",
    "SharedFunctionalGroupsSequence",
]


@settings(max_examples=80, deadline=None)
@given(
    path=st.lists(st.sampled_from(SEQUENCES), max_size=12),
    keyword=st.sampled_from(TEXT_KEYWORDS),
    secret=st.sampled_from(planted.SECRETS[:4]),
    implicit=st.booleans(),
    private=st.booleans(),
)
def test_an_identity_is_found_however_deep_it_lies(
    path: list[str], keyword: str, secret: str, implicit: bool, private: bool
) -> None:
    item = Dataset()
    setattr(item, keyword, secret.upper())
    if private:
        item.add_new(0x00231001, "UN", secret.encode())
    for name in path:
        outer = Dataset()
        setattr(outer, name, Sequence([item]))
        item = outer
    ds = planted.dataset()
    ds.update({element.tag: element for element in item})
    ds.PatientName = planted.NAME
    data = planted.as_file(ds, implicit=implicit)
    output = cleaned(data).data
    assert residual_search(output, planted.SECRETS) == []
    assert checker.survivors(data, output) == []

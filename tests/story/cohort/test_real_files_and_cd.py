"""The real files are those on this machine, and the relative's CD is another person's with all that a disc carries."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from portal.story.cohort import (
    Handling,
    PlantedValue,
    compile_needles,
    make_cohort,
    planted,
    real_files,
    relative_of,
    relatives_cd,
    search_bytes,
    studies,
)
from portal.story.cohort.carried import carried


def test_the_real_files_are_of_many_kinds_and_ask_for_every_handling():
    files = real_files()
    assert {"CT", "MR", "US", "CR", "SR"} <= {file.modality for file in files}
    assert {file.handling for file in files} == set(Handling)
    assert len({file.name for file in files}) == len(files)


def test_a_real_file_that_can_become_clean_is_readable_and_of_the_modality_that_it_says():
    for file in real_files():
        if file.handling is Handling.CLEAN:
            dataset = dcmread(BytesIO(file.data))
            assert dataset.Modality == file.modality
            assert dataset.pixel_array.size


def test_what_names_a_real_patient_is_in_the_file():
    for file in real_files():
        values = [PlantedValue("name", known, -1) for known in file.known_as]
        found = {hit.planted for hit in search_bytes(file.data, compile_needles(values))}
        assert found == set(values), file.name


def test_a_file_that_nobody_carries_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.dcm"):
        carried("nowhere.dcm")


@pytest.mark.parametrize("index", range(10))
def test_a_relative_shares_the_family_name_and_nothing_else(index):
    donor = list(make_cohort(12))[index]
    relative = relative_of(donor)
    assert relative.family_name == donor.family_name
    assert relative.birth_date != donor.birth_date
    theirs = {value.value for value in planted(relative).values}
    shared = theirs & {value.value for value in planted(donor).values}
    assert shared <= {donor.family_name, donor.phone, *_household(donor)}


def _household(donor):
    return {v.value for v in planted(donor).values if v.kind in {"address", "institution", "device", "physician"}}


def test_the_cd_has_a_directory_a_viewer_and_images_of_the_relative_only():
    donor = next(make_cohort(3))
    files = {file.filename: file.data for file in relatives_cd(donor)}
    assert {"DICOMDIR", "AUTORUN.INF", "VIEWER.EXE", "README.TXT"} < set(files)
    images = [dcmread(BytesIO(data)) for name, data in files.items() if "/" in name]
    assert len(images) == 3
    assert {image.PatientID for image in images} == {relative_of(donor).hospital_id}
    mine = {dcmread(BytesIO(file.data)).SOPInstanceUID for file in studies(donor)}
    assert mine.isdisjoint(image.SOPInstanceUID for image in images)
    directory = dcmread(BytesIO(files["DICOMDIR"]))
    referred = {"/".join(r.ReferencedFileID) for r in directory.DirectoryRecordSequence if "ReferencedFileID" in r}
    assert referred == {name for name in files if "/" in name}


def test_the_cd_is_the_same_at_every_run():
    donor = next(make_cohort(3))
    assert relatives_cd(donor) == relatives_cd(donor)


def test_what_is_not_an_image_on_the_cd_is_not_dicom():
    files = {file.filename: file.data for file in relatives_cd(next(make_cohort(3)))}
    for name in ("AUTORUN.INF", "VIEWER.EXE", "README.TXT"):
        with pytest.raises(InvalidDicomError):
            dcmread(BytesIO(files[name]))

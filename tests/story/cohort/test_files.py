"""The cohort's files: readable, the same at every run, with everything that was planted really in them."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from portal.story.cohort import (
    CohortDonor,
    PlantedValue,
    StudyFile,
    compile_needles,
    make_cohort,
    planted,
    search_bytes,
    studies,
)


@pytest.fixture(scope="module")
def donors() -> list[CohortDonor]:
    """Enough donors to have every script, maker, transfer syntax, file name and number of visits."""
    return list(make_cohort(40))


@pytest.fixture(scope="module")
def files(donors) -> dict[int, list[StudyFile]]:
    return {donor.index: studies(donor) for donor in donors}


@pytest.fixture(scope="module")
def datasets(files) -> dict[int, list[Dataset]]:
    return {index: [dcmread(BytesIO(file.data)) for file in brought] for index, brought in files.items()}


def test_each_donor_brings_three_images_with_a_picture(datasets):
    for read in datasets.values():
        assert len(read) == 3
        for dataset in read:
            assert dataset.pixel_array.shape == (dataset.Rows, dataset.Columns)
            assert 128 <= dataset.Rows <= 256
            assert dataset.pixel_array.std() > 50


def test_the_files_are_the_same_at_every_run_and_differ_between_donors(donors, files):
    again = {donor.index: studies(donor) for donor in make_cohort(40)}
    assert again == files
    pictures = [file.data for brought in files.values() for file in brought]
    assert len(set(pictures)) == len(pictures)


def test_everything_planted_is_in_the_files_or_their_names(donors, files):
    for donor in donors:
        values = (*planted(donor).values, *planted(donor).dates)
        brought = b"\n".join(file.filename.encode() + b"\n" + file.data for file in files[donor.index])
        found = {hit.planted for hit in search_bytes(brought, compile_needles(values))}
        assert found == set(values)


def test_every_original_uid_is_planted(donors, datasets):
    kept = {"SOPClassUID", "ReferencedSOPClassUID"}
    for donor in donors:
        known = {value.value for value in planted(donor).values if value.kind == "uid"}
        for dataset in datasets[donor.index]:
            uids = {str(e.value) for e in dataset.iterall() if e.VR == "UI" and e.keyword not in kept}
            assert uids <= known


def test_the_name_reads_back_in_its_own_characters(donors, datasets):
    for donor in donors:
        name = datasets[donor.index][0].PatientName
        assert str(name).casefold() == donor.name.person_name().casefold()
        old = datasets[donor.index][0].OriginalAttributesSequence[0].ModifiedAttributesSequence[0]
        assert str(old.PatientName) == donor.name.person_name()


def test_some_donors_have_two_studies_on_different_days(donors, datasets):
    for donor in donors:
        studied = {(dataset.StudyInstanceUID, dataset.StudyDate) for dataset in datasets[donor.index]}
        assert len(studied) == len(donor.visits)
    assert {len(donor.visits) for donor in donors} == {1, 2}


def test_identity_stands_outside_the_dataset_too(donors, files):
    for donor in donors:
        needle = compile_needles([PlantedValue("id", donor.hospital_id, donor.index)])
        for file in files[donor.index]:
            assert search_bytes(file.data[:128], needle)
            assert file.data[128:132] == b"DICM"


def test_makers_syntaxes_modalities_and_file_names_differ(files, datasets):
    first = [read[0] for read in datasets.values()]
    assert len({dataset.Manufacturer for dataset in first}) == 3
    assert len({dataset.file_meta.TransferSyntaxUID for dataset in first}) == 4
    assert {dataset.Modality for dataset in first} == {"CT", "MR"}
    names = [brought[0].filename for brought in files.values()]
    assert any("." not in name and "/" in name for name in names)
    assert any(not name.isascii() for name in names)

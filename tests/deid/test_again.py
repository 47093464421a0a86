"""A cleaned file that is looked at again: nothing is found in what was cleaned, everything in what was not."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from curation.deid import Cleaned, Deidentifier, derive_group_key, derive_subject_key
from curation.deid.again import look_again
from curation.deid.texts.facts import Facts
from portal.story.cohort import make_cohort, studies

KEY, GROUP = derive_subject_key(b"k" * 32, "donor"), derive_group_key(b"k" * 32)
SAMPLES = ["CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "SC_rgb_rle.dcm", "waveform_ecg.dcm", "rtdose.dcm"]


def sample(name: str) -> bytes:
    path = get_testdata_file(name, download=False)
    assert isinstance(path, str)
    with open(path, "rb") as file:
        return file.read()


def cleaned(data: bytes) -> bytes:
    made = Deidentifier(KEY, group_key=GROUP).clean(data)
    assert isinstance(made, Cleaned)
    return made.data


def seen(data: bytes, facts: Facts | None = None) -> list[str]:
    return look_again(data, Deidentifier(KEY, group_key=GROUP, **({"study": facts} if facts else {})))


def changed(data: bytes, **values: object) -> bytes:
    dataset = dcmread(BytesIO(data))
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_found_in_what_was_cleaned_and_something_in_what_was_not(name: str) -> None:
    raw = sample(name)
    assert seen(cleaned(raw)) == []
    assert seen(raw) != []


def test_nothing_is_found_in_any_file_of_a_whole_cohort() -> None:
    for person in make_cohort(3):
        for file in studies(person):
            assert seen(cleaned(file.data)) == []


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"PatientAddress": "12 Elm Street"}, ["00101040"]),
        ({"ReferringPhysicianName": "Who^Doctor"}, ["00080090"]),
        ({"SeriesInstanceUID": "1.2.826.0.1.3680043.8.498.1"}, ["0020000e"]),
        ({"InstitutionName": "St Mary's"}, ["00080080"]),
        ({"DeidentificationMethod": "By Ethel Example"}, ["00120063"]),
    ],
)
def test_each_thing_that_older_rules_left_is_found(values: dict[str, object], codes: list[str]) -> None:
    assert seen(changed(cleaned(sample("CT_small.dcm")), **values)) == codes


def test_a_private_element_is_found_and_so_is_a_name_in_a_text() -> None:
    data = cleaned(sample("CT_small.dcm"))
    dataset = dcmread(BytesIO(data))
    dataset.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "Ethel")
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    assert seen(out.getvalue()) == ["private"]
    text = changed(data, SeriesDescription="CHEST EXAMPLE")
    assert seen(text, Facts(names=frozenset({"Example^Ethel"}))) == ["0008103e"]


@pytest.mark.parametrize("data", [b"", b"DICM" * 50, b"\0" * 128 + b"DICM" + b"\xff" * 100])
def test_what_is_no_file_has_a_reason_and_raises_nothing(data: bytes) -> None:
    (reason,) = seen(data)
    assert reason.replace("_", "").isalpha()

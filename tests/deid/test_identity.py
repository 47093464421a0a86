"""Who a file says it is about is read with its character set, from the header alone, and shown by no repr."""

import pytest

from curation.deid import Unreadable, read_identity

from . import planted
from .subject import subject_values


def test_an_identity_is_read_in_parts() -> None:
    identity = read_identity(planted.as_file(planted.dataset()))
    assert identity.patient_name == planted.NAME
    assert (identity.family_name, identity.given_name) == ("Zwetschgenbaum", "Kunigunde")
    assert (identity.patient_id, identity.birth_date, identity.sex) == (planted.NUMBER, planted.BIRTH, "F")
    assert (identity.study_uid, identity.series_uid) == (planted.STUDY_UID, planted.SERIES_UID)
    assert (identity.modality, identity.study_date) == ("CT", "20190102")


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
        ("ISO_IR 100", "Buc^Jérôme"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (["ISO 2022 IR 6", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        ("ISO_IR 144", "Люкceмбypг"),
    ],
)
def test_a_name_is_read_in_its_character_set(charset: str | list[str], name: str) -> None:
    ds = planted.dataset()
    ds.SpecificCharacterSet, ds.PatientName = charset, name
    data = planted.as_file(ds)
    assert read_identity(data).patient_name == name
    assert name in subject_values(data)


def test_a_file_cut_off_within_its_picture_still_says_whose_it_is() -> None:
    data = planted.as_file(planted.dataset())
    assert read_identity(data[:-300]).patient_id == planted.NUMBER


def test_what_is_no_file_is_a_sentence() -> None:
    with pytest.raises(Unreadable, match=r"not a DICOM file\.") as caught:
        read_identity(b"hello, I am Kunigunde" * 20)
    assert caught.value.reason == "not_dicom"
    with pytest.raises(Unreadable, match="too early"):
        subject_values(planted.as_file(planted.dataset())[:-300])


def test_an_identity_is_not_printed_by_accident() -> None:
    shown = repr(read_identity(planted.as_file(planted.dataset())))
    assert not any(secret in shown for secret in planted.SECRETS)

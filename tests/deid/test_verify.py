"""A file that is said to be clean: taken where it is as the engine leaves it, refused where it misses any one thing."""

from collections.abc import Callable
from dataclasses import fields
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from curation.deid import Cleaned, Deidentifier, derive_group_key, derive_subject_key
from curation.deid.command import verify_main
from curation.deid.texts.facts import facts_about
from curation.deid.verify import accepted, verify
from portal.story.cohort import make_cohort, studies
from tests.deid.corpus import files, short_name

DOMAIN = b"k" * 32
KEY, GROUP = derive_subject_key(DOMAIN, "donor"), derive_group_key(DOMAIN)
KNOWN = facts_about("Ethel", ["Example", "Earlier"], "19610304")


def engine() -> Deidentifier:
    return Deidentifier(KEY, group_key=GROUP, study=KNOWN)


def cleaned(data: bytes, key: bytes = KEY) -> bytes:
    made = Deidentifier(derive_subject_key(key, "x") if key != KEY else KEY, study=KNOWN).clean(data)
    assert isinstance(made, Cleaned)
    return made.data


def sample(name: str = "CT_small.dcm") -> bytes:
    return next(path for path in files() if path.name == name).read_bytes()


CLEAN = cleaned(sample())


def changed(change: Callable[[Dataset], object], data: bytes = CLEAN) -> bytes:
    """The clean file with one thing changed, otherwise written as the engine writes it."""
    dataset = dcmread(BytesIO(data))
    change(dataset)
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True, little_endian=True, implicit_vr=dataset.original_encoding[0])
    return out.getvalue()


def test_what_the_engine_cleaned_and_whose_picture_is_clear_is_taken() -> None:
    assert verify(CLEAN, engine()) == []
    for person in make_cohort(2):
        for file in studies(person):
            made = engine().clean(file.data)
            assert isinstance(made, Cleaned)
            assert verify(made.data, engine()) == ([] if made.pixel_risk == "clear" else ["picture_not_clear"])


@pytest.mark.nightly
def test_so_is_every_real_file() -> None:
    """Found by looking: what the engine writes it also reads back as clean, whoever wrote the source."""
    taken = 0
    for path in files():
        made = engine().clean(path.read_bytes())
        if isinstance(made, Cleaned):
            assert verify(made.data, engine()) == ([] if made.pixel_risk == "clear" else ["picture_not_clear"]), path
            taken += 1
    assert taken > 200


def test_nothing_real_that_was_not_cleaned_is_taken() -> None:
    for path in files()[::7]:
        assert verify(path.read_bytes(), engine()) != [], short_name(path)


def test_writing_it_again_changes_nothing() -> None:
    """Otherwise the tests below would show nothing of the one thing that each of them changes."""
    assert verify(changed(lambda dataset: None), engine()) == []


MISSES: dict[str, tuple[Callable[[Dataset], object], str]] = {
    "a name": (lambda d: setattr(d, "PatientName", "Example^Ethel"), "00100010"),
    "another's pseudonym": (lambda d: setattr(d, "PatientID", "D-AAAAAAAAAAAAAAAA"), "00100020"),
    "an address": (lambda d: setattr(d, "PatientAddress", "12 Elm Street"), "00101040"),
    "a physician": (lambda d: setattr(d, "ReferringPhysicianName", "Who^Doctor"), "00080090"),
    "a UID": (lambda d: setattr(d, "SeriesInstanceUID", "1.2.826.0.1.3680043.8.498.1"), "0020000e"),
    "a hospital": (lambda d: setattr(d, "InstitutionName", "St Mary's"), "00080080"),
    "a private element": (
        lambda d: d.private_block(0x0031, "SOMEBODY", create=True).add_new(0x01, "LO", "something"),
        "private",
    ),
    "the donor's name in a text": (lambda d: setattr(d, "SeriesDescription", "CHEST EXAMPLE"), "residual_identity"),
    "an earlier name in a text": (lambda d: setattr(d, "SeriesDescription", "EARLIER CHEST"), "residual_identity"),
    "the birth date in a text": (lambda d: setattr(d, "SeriesDescription", "CHEST 19610304"), "residual_identity"),
    "the birth date as a date": (lambda d: setattr(d, "StudyDate", "19610304"), "residual_identity"),
    "the birth date where it belongs": (lambda d: setattr(d, "PatientBirthDate", "19610304"), "00100030"),
    "no claim": (lambda d: d.__delattr__("PatientIdentityRemoved"), "claims"),
    "a claim of not": (lambda d: setattr(d, "PatientIdentityRemoved", "NO"), "claims"),
    "another method": (lambda d: setattr(d, "DeidentificationMethod", "MODIFIED"), "claims"),
    "no method codes": (lambda d: setattr(d, "DeidentificationMethodCodeSequence", []), "claims"),
    "an option that the profile lacks": (
        lambda d: setattr(d.DeidentificationMethodCodeSequence[-1], "CodeValue", "113110"),
        "claims",
    ),
    "a picture that may show writing": (lambda d: setattr(d, "BurnedInAnnotation", "YES"), "picture_not_clear"),
    "a document": (lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.104.1"), "encapsulated_document"),
}


@pytest.mark.parametrize("miss", MISSES)
def test_a_file_that_misses_one_thing_is_refused(miss: str) -> None:
    change, code = MISSES[miss]
    assert code in verify(changed(change), engine())


@pytest.mark.parametrize(
    "data",
    [
        b"MZ" + CLEAN[2:],
        CLEAN[:100] + b"Ethel Example" + CLEAN[113:],
        CLEAN + b"Ethel",
        CLEAN.replace(b"DONARA_1", b"ETHEL_EX"),
        CLEAN.replace(b"\x02\x00\x10\x00UI", b"\x02\x00\x10\x00UN", 1),
    ],
    ids=["preamble", "name in preamble", "behind the end", "name in the file meta", "another VR"],
)
def test_what_lies_around_the_elements_is_part_of_the_file(data: bytes) -> None:
    assert data != CLEAN
    assert verify(data, engine()) != []


def test_another_key_is_another_donor() -> None:
    assert "00100010" in verify(cleaned(sample(), b"z" * 32), engine())


@pytest.mark.parametrize("data", [b"", b"DICM" * 50, bytes(128) + b"DICM" + b"\xff" * 100, CLEAN[:-3], CLEAN[:300]])
def test_what_is_no_file_has_a_reason_and_raises_nothing(data: bytes) -> None:
    found = verify(data, engine())
    assert found
    assert all(code.replace("_", "").isalnum() for code in found)


def test_the_command_says_which_files_are_not_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text(DOMAIN.hex())
    (tmp_path / "known").write_text("Example^Ethel\n1961-03-04\n", encoding="utf-8")
    (tmp_path / "good").write_bytes(CLEAN)
    (tmp_path / "bad").write_bytes(changed(MISSES["the birth date in a text"][0]))
    common = ["--key-file", str(tmp_path / "key"), "--subject", "donor", "--known", str(tmp_path / "known")]
    assert verify_main([str(tmp_path / "good"), *common]) == 0
    assert capsys.readouterr().out == ""
    assert verify_main([str(tmp_path / "good"), str(tmp_path / "bad"), *common]) == 3
    assert capsys.readouterr().out == f"{tmp_path / 'bad'}\t0008103e residual_identity\n"
    assert verify_main([str(tmp_path / "none"), *common]) == 2


def test_what_is_taken_is_told_of_as_if_it_had_been_cleaned_here() -> None:
    """Cleaned here or there: the same file, the same words to read, the same picture to look at."""
    for path in files():
        if path.stat().st_size > 400_000:
            continue
        made = engine().clean(path.read_bytes())
        if not isinstance(made, Cleaned) or made.pixel_risk != "clear":
            continue
        found = accepted(made.data, engine())
        assert isinstance(found, Cleaned), (short_name(path), found)
        assert found.data == made.data
        assert found.source_sha256 == found.output_sha256 == made.output_sha256
        assert {texts for notes in found.notes for texts in notes.texts} == {
            texts for notes in made.notes for texts in notes.texts
        }, short_name(path)
        left_out = {"pieces", "source_sha256", "notes"}
        for field in fields(Cleaned):
            if field.name not in left_out:
                assert getattr(found, field.name) == getattr(made, field.name), (short_name(path), field.name)
        assert not [uid for notes in found.notes for uid in notes.uids]

"""A relative's CD, which a donor uploads by mistake: same family name, another person, and what discs carry besides."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pydicom import dcmread
from pydicom.fileset import FileSet  # noqa: TID251  (writes a disc of invented files, reads none)

from portal.story.cohort import chance, people, scripts
from portal.story.cohort.donors import CohortDonor
from portal.story.cohort.names import Name, WordMaker
from portal.story.cohort.studies import StudyFile, studies

_INDEX_BEYOND_DONORS = 5000  # so that no relative shares a number or UID with a donor
_AUTORUN = b"[autorun]\r\nopen=VIEWER.EXE\r\nicon=VIEWER.EXE,0\r\nlabel=Patient CD\r\n"
_VIEWER = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 44 + b"\x40\0\0\0PE\0\0L\x01\0\0" + b"\0" * 420


def relative_of(donor: CohortDonor) -> CohortDonor:
    """Somebody of the donor's family: the family name is the same, everything else is another person's."""
    index = donor.index + _INDEX_BEYOND_DONORS
    maker = WordMaker(chance.words(donor.seed, 3, index))
    sex = "M" if donor.sex == "F" else "F"
    return replace(
        donor,
        index=index,
        name=_in_family(donor.name, scripts.person(maker, index, sex)),
        mother=scripts.western(maker, "F"),
        birth_date=donor.birth_date - timedelta(days=maker.chance.randrange(700, 12000)),
        sex=sex,
        email=f"family{index}@example.org",
        national_id=people.national_id(maker, index)[::-1],
        hospital_id=people.code(maker, "HZR", index),
        record_locator=people.code(maker, "RLR", index),
        visits=people.visits(maker, index),
        has_lesion=False,
    )


def relatives_cd(donor: CohortDonor) -> list[StudyFile]:
    """Every file on the relative's CD: images with a DICOMDIR (PS3.10 section 8), a viewer, a letter."""
    relative = relative_of(donor)
    whose = f"{relative.given_name} {relative.family_name}, born {relative.birth_date:%d.%m.%Y}"
    return [
        *_file_set([file.data for file in studies(relative)], label=f"CD{relative.index}"),
        StudyFile("AUTORUN.INF", _AUTORUN),
        StudyFile("VIEWER.EXE", _VIEWER),
        StudyFile("README.TXT", f"This CD belongs to {whose}.\r\n".encode()),
    ]


def _in_family(donor: Name, stranger: Name) -> Name:
    """The stranger's given name behind the donor's family name, in every component group."""
    ideographic = _mixed(donor.ideographic, stranger.ideographic)
    phonetic = _mixed(donor.phonetic, stranger.phonetic)
    return Name(donor.family, stranger.given, ideographic, phonetic, donor.character_sets)


def _mixed(donor: str, stranger: str) -> str:
    return f"{donor.split('^')[0]}^{stranger.split('^')[1]}" if donor else ""


def _file_set(images: list[bytes], label: str) -> list[StudyFile]:
    """The images in the folders that a DICOMDIR refers to, and the DICOMDIR."""
    datasets = [dcmread(BytesIO(image)) for image in images]
    discs = FileSet()
    discs.ID = label
    discs.UID = datasets[0].FrameOfReferenceUID
    for dataset in datasets:
        discs.add(dataset)
    with TemporaryDirectory() as folder:
        discs.write(folder)
        paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
        return [StudyFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]

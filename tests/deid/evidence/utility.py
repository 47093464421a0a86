"""What research needs of an object, over two studies of one person and one of another: planted, then looked for."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pydicom import Dataset
from pydicom.datadict import keyword_for_tag
from pydicom.uid import CTImageStorage

from curation.deid import Cleaned, Deidentifier, Profile, derive_subject_key
from tests.deid import checker

from .midib import Asked, Check
from .people import Person, person
from .raw import Elements, Plain, file, sequence, text
from .sweep import PIXELS, base

DOMAIN = b"k" * 32
#: Texts that hold under both profiles: what the device did, where the picture lies, how it is to be shown.
PHYSICS = {
    0x00080070: ("LO", "SIEMENS"),
    0x00081090: ("LO", "Sensation 64"),
    0x00180022: ("CS", "HELICAL MODE"),
    0x00180015: ("CS", "CHEST"),
    0x00180050: ("DS", "1.25"),
    0x00180060: ("DS", "120"),
    0x00180088: ("DS", "1.25"),
    0x00181210: ("SH", "B30f"),
    0x00185100: ("CS", "HFS"),
    0x00200013: ("IS", "7"),
    0x00200032: ("DS", r"-158.1\-179.0\-75.7"),
    0x00200037: ("DS", r"1\0\0\0\1\0"),
    0x00201041: ("DS", "-77.2"),
    0x00280030: ("DS", r"0.66\0.66"),
    0x00281050: ("DS", r"40\400"),
    0x00281052: ("DS", "-1024"),
    0x00281053: ("DS", "1"),
    0x00281054: ("LO", "HU"),
}
#: Texts that hold under `research` besides: titles that anyone might write, and what the person is like.
TITLES = {
    0x00081030: ("LO", "CT CHEST W CONTRAST"),
    0x0008103E: ("LO", "AX LUNG 1.25mm B60f"),
    0x00181030: ("LO", "Chest Routine 3mm"),
    0x00204000: ("LT", "portal venous phase, 70s delay"),
    0x00321060: ("LO", "MR BRAIN WITHOUT CONTRAST"),
    0x00100040: ("CS", "F"),
    0x00101010: ("AS", "057Y"),
    0x00101020: ("DS", "1.71"),
    0x00101030: ("DS", "68"),
    0x00102180: ("SH", ""),
}
FRAME, OTHER = 0x00200052, "1.2.826.0.99.9.9"
#: Safe private values (PS3.15 Table E.3.10-1), by creator: b-values as GE and Siemens write them.
SAFE = [
    (0x0043, "GEMS_PARM_01", 0x39, Plain(0x00431039, "IS", rb"1000\8\0\0")),
    (0x0019, "SIEMENS MR HEADER", 0x0C, Plain(0x0019100C, "IS", b"1000")),
]
PARENTS = {0x0020000D: "study", 0x0020000E: "series", FRAME: "frame of reference"}


class Study(NamedTuple):
    """One study of someone: its number, its day, and the person."""

    number: int
    day: date
    who: Person


ME, SOMEBODY = person(1), person(2)
STUDIES = (Study(1, date(2019, 1, 2), ME), Study(2, date(2019, 3, 30), ME), Study(3, date(2019, 1, 2), SOMEBODY))


def written(study: Study) -> bytes:
    """One object of a study, which refers to an object of each study."""
    uid = f"1.2.826.0.99.{study.number}"
    day = f"{study.day:%Y%m%d}"
    texts = [text(tag, vr, value) for tag, (vr, value) in (PHYSICS | TITLES).items() if value]
    references = [_reference(f"1.2.826.0.99.{each.number}.2.3") for each in STUDIES]
    scheme = [text(0x00080100, "SH", "39607008"), text(0x00080102, "SH", "SCT"), text(0x00080104, "LO", "Lung")]
    own = [
        text(0x0020000D, "UI", uid),
        text(0x0020000E, "UI", uid + ".2"),
        text(0x00080018, "UI", uid + ".2.3"),
        text(FRAME, "UI", OTHER),
        text(0x00080020, "DA", day),
        text(0x00080021, "DA", day),
        text(0x0008002A, "DT", day + "101112.345+0100"),
        text(0x00080030, "TM", "101112.345"),
        sequence(0x00081140, *references),
        sequence(0x00082218, scheme),
    ]
    blocks = [Plain(group << 16 | 0x10, "LO", creator.encode()) for group, creator, _, _ in SAFE]
    return file(base(*texts, *own, *blocks, *(each for *_, each in SAFE), who=study.who))


def _reference(uid: str) -> Elements:
    return [text(0x00081150, "UI", CTImageStorage), text(0x00081155, "UI", uid)]


def cleaned(profile: Profile) -> list[Dataset]:
    """The three studies' objects after cleaning, each by its own worker."""
    found = []
    for study in STUDIES:
        result = Deidentifier(derive_subject_key(DOMAIN, study.who.number), profile=profile).clean(written(study))
        assert isinstance(result, Cleaned), result
        found.append(checker.read(result.data))
    return found


def checks(profile: Profile) -> Iterator[Check]:
    """What is asked of the three objects, and whether it was done."""
    after = cleaned(profile)
    for study, dataset in zip(STUDIES, after, strict=True):
        yield from _texts(dataset, profile, f"study {study.number}")
        yield from _pictures(dataset, f"study {study.number}")
        yield from _private(dataset, profile, f"study {study.number}")
    yield from _dates(after, profile)
    yield from _identifiers(after)


def _texts(dataset: Dataset, profile: Profile, where: str) -> Iterator[Check]:
    held = PHYSICS | (TITLES if profile.has("clean_descriptors") else {})
    for tag, (_, value) in held.items():
        if value:
            found = "\\".join(checker.values(dataset[tag])) if tag in dataset else ""
            yield Check(Asked.TAG_RETAINED, f"{keyword_for_tag(tag)}, {where}", tag in dataset)
            yield Check(Asked.TEXT_RETAINED, f"{keyword_for_tag(tag)}, {where}", found == value)
    code = dataset.AnatomicRegionSequence[0]
    for keyword, value in (("CodeValue", "39607008"), ("CodingSchemeDesignator", "SCT"), ("CodeMeaning", "Lung")):
        yield Check(Asked.TEXT_RETAINED, f"coded anatomy: {keyword}, {where}", code.get(keyword) == value)
    for keyword in ("PatientID", "PatientName", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        yield Check(Asked.TEXT_NOTNULL, f"{keyword}, {where}", bool(str(dataset.get(keyword, ""))))


def _pictures(dataset: Dataset, where: str) -> Iterator[Check]:
    yield Check(Asked.PIXELS_RETAINED, where, bytes(dataset.PixelData) == PIXELS)
    shape = (dataset.Rows, dataset.Columns, dataset.BitsStored, dataset.PixelRepresentation)
    yield Check(Asked.TAG_RETAINED, f"size of the picture, {where}", shape == (16, 16, 16, 0))


def _private(dataset: Dataset, profile: Profile, where: str) -> Iterator[Check]:
    if not profile.has("retain_safe_private"):
        return
    for group, creator, number, element in SAFE:
        try:
            found = checker.values(dataset.private_block(group, creator)[number])
        except KeyError:
            found = []
        assert isinstance(element.value, bytes)
        yield Check(Asked.TEXT_RETAINED, f"private {creator}, {where}", "\\".join(found).encode() == element.value)


def _dates(after: list[Dataset], profile: Profile) -> Iterator[Check]:
    if not profile.has("retain_long_modified_dates"):
        for study, dataset in zip(STUDIES, after, strict=True):
            day = f"{study.day:%Y%m%d}".encode()
            gone = all(day not in str(dataset.get(name, "")).encode() for name in ("StudyDate", "AcquisitionDateTime"))
            yield Check(Asked.TEXT_REMOVED, f"dates of study {study.number}", gone)
        return
    moved = [(study.day - _day(str(dataset.StudyDate))).days for study, dataset in zip(STUDIES, after, strict=True)]
    for study, dataset, days in zip(STUDIES, after, moved, strict=True):
        where = f"study {study.number}"
        yield Check(Asked.DATE_SHIFTED, f"by weeks, {where}", 52 * 7 <= days <= 520 * 7 and days % 7 == 0)
        yield Check(Asked.DATE_SHIFTED, f"series like its study, {where}", dataset.SeriesDate == dataset.StudyDate)
        both = f"{dataset.StudyDate}{dataset.StudyTime}+0100"
        yield Check(Asked.DATE_SHIFTED, f"date and time together, {where}", dataset.AcquisitionDateTime == both)
    yield Check(Asked.DATE_SHIFTED, "one person's studies alike, so that intervals hold", moved[0] == moved[1])
    yield Check(Asked.DATE_SHIFTED, "two people's not", moved[0] != moved[2])


def _day(written: str) -> date:
    return date(int(written[:4]), int(written[4:6]), int(written[6:8]))


def _identifiers(after: list[Dataset]) -> Iterator[Check]:
    mine, also, theirs = after
    yield Check(Asked.PATID_CONSISTENT, "one person's studies", mine.PatientID == also.PatientID)
    yield Check(Asked.PATID_CONSISTENT, "another person's", mine.PatientID != theirs.PatientID)
    yield Check(Asked.PATID_CONSISTENT, "name and number", all(str(one.PatientName) == one.PatientID for one in after))
    for number, dataset in enumerate(after):
        for tag, words in PARENTS.items():
            new = bool(checker.NEW_UID.fullmatch(str(dataset[tag].value)))
            yield Check(Asked.UID_CHANGED, f"{words} of study {number + 1}", new)
    yield Check(Asked.UID_CONSISTENT, "a frame that both studies share", mine[FRAME].value == also[FRAME].value)
    yield Check(Asked.UID_CONSISTENT, "another person shares none", mine[FRAME].value != theirs[FRAME].value)
    for one in (mine, also):
        for other, item in zip((mine, also), one.ReferencedImageSequence, strict=False):
            same = item.ReferencedSOPInstanceUID == other.SOPInstanceUID
            yield Check(Asked.UID_CONSISTENT, f"reference to {other.StudyDate}", same)

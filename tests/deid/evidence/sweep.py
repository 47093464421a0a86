"""Plants an identity in every attribute that DICOM has (PS3.6), at the root and deep inside, and looks what is left."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydicom import Dataset
from pydicom.datadict import DicomDictionary, keyword_for_tag
from pydicom.uid import CTImageStorage

from curation.deid import BASIC, Cleaned, Profile, Quarantined, deidentify, derive_subject_key
from curation.deid.standard.strengthening import BULK, TERMS
from curation.deid.values.terms import STRUCTURAL
from tests.deid import checker

from .midib import Asked, Check
from .people import Person, invented, person
from .raw import Elements, Plain, file, sequence, text

KEY = derive_subject_key(b"k" * 32, "subject of the evidence")
WHO: Person = person(1)
STUDY, SERIES, INSTANCE = "1.2.826.0.99.1", "1.2.826.0.99.1.2", "1.2.826.0.99.1.2.3"
PIXELS = bytes(range(256)) * 2
#: What a file must say rightly to be read at all, or says of its picture; and the attributes of other file kinds.
_BASE = frozenset(
    {
        0x00080005,
        0x00080016,
        0x00080018,
        0x0020000D,
        0x0020000E,
        0x00080060,
        0x00100010,
        0x00100020,
        0x00100030,
        0x00020010,
    }
    | {0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103}
    | {0x00280301, 0x00480010, 0x00080008, 0x00080064, 0x00080006, 0x7FE00008, 0x7FE00009, 0x7FE00010}
    | {0x00020010}
)
#: Sequences of all sorts: of references, codes, requests, frames, treatments, content and none that anyone knows.
SEQUENCES = frozenset(
    {0x00081110, 0x00081140, 0x00081199, 0x00082112, 0x00082218, 0x0008113A, 0x00101002, 0x00189301}
    | {0x00321064, 0x00400008, 0x00400260, 0x00400275, 0x00400555, 0x00409096, 0x52009229, 0x52009230, 0x30060020}
    | {0x300A00B0, 0x00540016, 0x00700001, 0x00880200, 0x04000561}
)
#: The nesting in which each attribute is planted once more.
NESTED = (0x00081140, 0x00081199, 0x00400275)
_LONGEST = {"SH": 16, "LO": 64, "AE": 16, "CS": 16, "PN": 64}
_FREE = ("LO", "SH", "ST", "LT", "UT", "UC")
_CODES = range(0x00080100, 0x00080120)
# Names of applications: other people's pass as little as the subject's, but only in basic does nothing pass at all.
_OWN_IDENTITY = ("CS",)


class Planted(NamedTuple):
    """An attribute with what stands in it: `secret` must not be found anywhere, in lower case."""

    tag: int
    element: Plain
    secret: bytes


def base(*more: Plain, who: Person = WHO, sop_class: str = CTImageStorage, charset: str = "") -> list[Plain]:
    """A small CT object of someone, with further elements."""
    encoding = "utf-8" if charset == "ISO_IR 192" else "latin-1"
    own = [
        text(0x00080008, "CS", r"ORIGINAL\PRIMARY\AXIAL"),
        text(0x00080016, "UI", sop_class),
        text(0x00080018, "UI", INSTANCE),
        text(0x00080060, "CS", "CT"),
        text(0x00100010, "PN", who.name, encoding),
        text(0x00100020, "LO", who.number),
        text(0x00100030, "DA", who.born),
        text(0x0020000D, "UI", STUDY),
        text(0x0020000E, "UI", SERIES),
        *(Plain(0x00280000 | at, "US", number.to_bytes(2, "little")) for at, number in _picture()),
        text(0x00280004, "CS", "MONOCHROME2"),
        Plain(0x7FE00010, "OW", PIXELS),
    ]
    if charset:
        own.append(text(0x00080005, "CS", charset))
    given = {each.tag for each in more}
    return sorted([each for each in own if each.tag not in given] + list(more), key=lambda each: each.tag)


def _picture() -> list[tuple[int, int]]:
    return [(0x02, 1), (0x10, 16), (0x11, 16), (0x100, 16), (0x101, 16), (0x102, 15), (0x103, 0)]


def attributes() -> list[int]:
    """The tags that are swept."""
    return [tag for tag in DicomDictionary if tag not in _BASE | STRUCTURAL and tag >> 16 != 0xFFFE and tag & 0xFFFF]


def planted(tag: int, place: int = 0) -> Planted | None:
    """An attribute with an identity of its own in it; None where its values are numbers. `place` tells two apart."""
    vr = DicomDictionary[tag][0].split(" or ")[-1] if tag != 0x00081160 else "IS"
    token = invented((tag * 7 + place) % 8_000_000)
    if vr == "SQ":
        inner = [text(0x00104000, "LT", f"{token} 17.4.1961"), text(0x0040A123, "PN", f"{token}^{token}")]
        return Planted(tag, sequence(tag, inner), token.lower().encode())
    if vr == "PN":
        return Planted(tag, text(tag, vr, f"{token}^{WHO.given}"), token.lower().encode())
    if vr in _FREE:
        word = WHO.family if tag in TERMS or tag in _CODES else token
        return Planted(tag, text(tag, vr, f"{word} of ward"[: _LONGEST.get(vr, 64)].strip()), word.lower().encode())
    if vr in ("CS", "AE"):
        word = WHO.family if vr in _OWN_IDENTITY else token
        return Planted(tag, text(tag, vr, word[:16].upper()), word[:16].lower().encode())
    return _planted_value(tag, vr, token, place)


def _planted_value(tag: int, vr: str, token: str, place: int) -> Planted | None:
    number = tag * 2 + place
    if vr == "UR":
        return Planted(tag, text(tag, vr, f"https://{token}.example/x"), token.lower().encode())
    if vr == "UI":
        uid = f"1.2.826.0.77.{number}"
        return Planted(tag, text(tag, vr, uid), uid.encode())
    if vr in ("DA", "DT"):
        day = f"{1200 + number % 650}{1 + number % 12:02}{1 + number % 27:02}"
        return Planted(tag, text(tag, vr, day + ("101112.5" if vr == "DT" else "")), day.encode())
    if vr == "AS":
        return Planted(tag, text(tag, vr, f"{91 + number % 9:03}Y"), f"{91 + number % 9:03}y".encode())
    if vr in ("OB", "OW", "UN", "OF", "OD", "OL", "OV") and tag not in BULK and tag >> 24 != 0x7F:
        return Planted(tag, Plain(tag, vr, f"{token}   ".ljust(32).encode()), token.lower().encode())
    return None


def nested(elements: Elements, tags: Sequence[int] = NESTED) -> Plain:
    """The elements inside sequences inside sequences, the outermost last."""
    inner = sequence(tags[0], elements)
    for tag in tags[1:]:
        inner = sequence(tag, [inner])
    return inner


def swept(
    tags: Sequence[int], profile: Profile = BASIC, writing: str = "explicit", around: Sequence[int] = NESTED
) -> Iterator[Check]:
    """Plants an identity in each of these attributes, cleans the file, and says for each whether it is gone.

    A file that is held back has failed at all of its places: what is gone because nothing is left is no success.
    """
    root = [found for found in map(planted, tags) if found]
    below = [found for tag in tags if (found := planted(tag, 1))]
    deep = nested([found.element for found in below], around)
    root = [found for found in root if found.tag != deep.tag]
    data = file(base(*(found.element for found in root), deep), writing)
    result = deidentify(data, key=KEY, profile=profile)
    if isinstance(result, Quarantined):
        yield from (Check(Asked.TEXT_REMOVED, f"{name(tag)} ({result.reason})", False) for tag in tags)
        return
    yield from _judged(root, below, data, result, profile)


def _judged(
    root: list[Planted], below: list[Planted], data: bytes, result: Cleaned, profile: Profile
) -> Iterator[Check]:
    low = result.data.lower()
    for where, found in (("at the root", root), ("nested", below)):
        for each in found:
            asked = Asked.UID_CHANGED if each.element.vr == "UI" else Asked.TEXT_REMOVED
            yield Check(asked, f"{name(each.tag)} {where}", each.secret not in low)
    for line in checker.survivors(data, result.data, profile.options):
        yield Check(Asked.TEXT_REMOVED, f"Table E.1-1: {line}", False)


def cleaned(data: bytes, profile: Profile) -> Dataset | None:
    """The file as it is read after cleaning; None where it is held back."""
    result = deidentify(data, key=KEY, profile=profile)
    return checker.read(result.data) if isinstance(result, Cleaned) else None


def name(tag: int) -> str:
    """An attribute's keyword and tag."""
    return f"{keyword_for_tag(tag) or 'private'} ({tag >> 16:04X},{tag & 0xFFFF:04X})"

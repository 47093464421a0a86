"""Identities in free text and in other letters: what people write of someone, and what of it tells who it is."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from curation.deid import Cleaned, Profile, deidentify
from curation.deid.texts.vocabulary import UNITS, is_known
from tests.deid import checker

from .people import ACCENTED, Person, signed, written_births, written_names, written_numbers
from .raw import Plain, file, text
from .sweep import KEY, base, nested

#: Series Description, Image Comments, Protocol Name, Additional Patient History, Text Value: titles and free texts.
FIELDS = {0x0008103E: "LO", 0x00204000: "LT", 0x00181030: "LO", 0x001021B0: "LT", 0x0040A160: "UT"}
#: What people write around it, all of which may stay.
AROUND = ("{}", "CT CHEST {}", "{} W CONTRAST", "MR KNEE ({}) T1", "{}/HEAD", "fuer {}: ABDOMEN", "{}_1.25mm_B30f")
_BIRTH = date(1948, 11, 3)
_WORD = re.compile(r"[^\W_]+")


class Note(NamedTuple):
    """Something that somebody wrote: into which attribute, and words of which none may be left there."""

    tag: int
    words: str
    gone: frozenset[str]


def spelled(who: Person) -> Iterator[tuple[str, frozenset[str]]]:
    """Each spelling of who it is, and what of it tells."""
    names = frozenset({who.family.lower(), who.given.lower()})
    pair = (who.given[0] + who.family[0]).lower()
    # GD beside a day may be gadolinium, KG a weight: the day goes, and what then is left says no more than any title.
    initials = frozenset(each for each in (pair, pair[::-1]) if not (is_known(each) or each in UNITS))
    yield from ((each, names) for each in written_names(who))
    yield from ((each, frozenset(_numbers(each))) for each in written_births(who))
    yield from ((each, frozenset(_numbers(each))) for each in written_numbers(who))
    yield from ((each, frozenset(_numbers(each)) | initials) for each in signed(who))
    yield from ((each, frozenset({each.lower()})) for each in who.also)


def _numbers(words: str) -> Iterator[str]:
    """The runs of digits that tell: a day of the month alone does not, if nothing stands beside it."""
    yield from (run for run in re.findall(r"\d+", words) if len(run) >= 4)


def left(note: Note, kept: str) -> set[str]:
    """What tells and is still there, as whole words or within others."""
    low = kept.lower()
    found = set(_WORD.findall(low.replace("_", " ")))
    return {word for word in note.gone if word in found or (len(word) > 5 and word in low)}


def written_with(who: Person, note: Note, charset: str = "ISO_IR 100") -> bytes:
    """A file of someone with the note at the root and nested."""
    encoding = "utf-8" if charset == "ISO_IR 192" else "latin-1"
    element = text(note.tag, FIELDS[note.tag], note.words, encoding)
    return file(base(element, nested([element]), who=who, charset=charset))


def remains(result: Cleaned, note: Note) -> list[str]:
    """What the note's attribute holds after cleaning, wherever it stands."""
    found = [element for element in checker.walk(checker.read(result.data)) if int(element.tag) == note.tag]
    return [" ".join(checker.values(element)) for element in found]


def cleaned(data: bytes, profile: Profile) -> Cleaned:
    """The result, which must not be a refusal."""
    result = deidentify(data, key=KEY, profile=profile)
    assert isinstance(result, Cleaned), result
    return result


def accented() -> Iterator[Person]:
    """People whose names have letters that others write without."""
    for number, (family, given, also) in enumerate(ACCENTED):
        yield Person(family, given, f"8273{number}641", _BIRTH, also)


#: The letters of the world as DICOM writes them (PS3.5 annexes H to K): character set, name, and what may not be left.
LETTERS: dict[str, tuple[str, bytes, tuple[bytes, ...]]] = {
    "Japanese": (
        r"\ISO 2022 IR 87",
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
        (b"Yamada", b";3ED", b"B@O:", b"$d$^$@", "山田".encode(), "山田".encode("shift_jis")),
    ),
    "Korean": (
        r"\ISO 2022 IR 149",
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
        (b"Gildong", b"\xd1\xce\xd4\xd7", b"\xb1\xe6\xb5\xbf", "길동".encode()),
    ),
    "Chinese, GB18030": ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030"), ("小东".encode("gb18030"), b"XiaoDong")),
    "Chinese, Unicode": ("ISO_IR 192", "Wang^XiaoDong=王^小东".encode(), ("小东".encode(), b"XiaoDong")),
    "Western": ("ISO_IR 100", "Buc^Jérôme".encode("latin-1"), (b"J\xe9r\xf4me", "Jérôme".encode())),
    "Cyrillic": ("ISO_IR 144", "Люкceмбypг".encode("iso8859_5"), ("Люк".encode("iso8859_5"),)),
    "Greek": ("ISO_IR 126", "Διονυσιος".encode("iso8859_7"), ("Διονυσιος".encode("iso8859_7"),)),
    "Arabic": ("ISO_IR 127", "قباني^لنزار".encode("iso8859_6"), ("لنزار".encode("iso8859_6"),)),
    "Hebrew": ("ISO_IR 138", "שרון^דבורה".encode("iso8859_8"), ("דבורה".encode("iso8859_8"),)),
    "Thai": ("ISO_IR 166", "นามสกุล".encode("tis_620"), ("นามสกุล".encode("tis_620"),)),
}


def in_letters(charset: str, name: bytes, per_item: bool) -> bytes:
    """A file with a name in one character set; `per_item`: only a nested item says so."""
    inner = [Plain(0x00100010, "PN", name), Plain(0x00204000, "LT", name), Plain(0x00081030, "LO", name[:60])]
    said = text(0x00080005, "CS", charset)
    if per_item:
        return file(base(nested([*inner, said]), charset="ISO_IR 100"))
    return file(base(said, *inner))

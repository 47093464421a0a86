"""Takes written names apart so that they can be compared: case, accents, order and script do not count."""

import re
import unicodedata
from typing import Final

#: One word of a name with its spellings: `müller` is {muller, mueller}.
Word = frozenset[str]

PARTICLES: Final = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "la",
        "le",
        "da",
        "di",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "el",
        "al",
        "bin",
        "ibn",
        "zu",
        "zum",
        "zur",
        "ter",
        "ten",
        "st",
        "san",
        "santa",
        "af",
        "av",
    ]
)
#: What stands where a name was taken out.
PLACEHOLDERS: Final = frozenset(
    [
        "anonymous",
        "anonymized",
        "anonymised",
        "anonym",
        "anon",
        "anonymus",
        "unknown",
        "unnamed",
        "noname",
        "none",
        "null",
        "nobody",
        "patient",
        "name",
        "no",
        "test",
        "deidentified",
        "removed",
        "withheld",
        "redacted",
        "xxx",
        "xxxx",
        "n",
        "a",
        "na",
        "nn",
    ]
)
_STROKES: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_LONG: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ñ": "nn"})


def words(text: str) -> list[Word]:
    """The words of a name, in order, each as the set of its spellings; digits and punctuation are no part of words."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return [_spellings(word) for word in re.findall(r"[^\W\d_]+", folded)]


def groups(person_name: str) -> list[list[Word]]:
    """The words of each component group of a PN value (alphabetic, ideographic, phonetic), those that hold a name.

    Prefixes and suffixes such as `Dr` (components 4 and 5, PS3.5 section 6.2) are left out, and so is a group that is a
    placeholder or a code.
    """
    found = []
    for value in person_name.split("\\"):
        for group in value.split("="):
            text = " ".join(group.split("^")[:3])
            taken = words(text)
            if taken and not _is_placeholder(taken) and not _is_code(text):
                found.append(taken)
    return found


def scripts(name: list[Word]) -> frozenset[str]:
    """The scripts that a name is written in, such as LATIN or CYRILLIC, by Unicode's names of its letters."""
    return frozenset(unicodedata.name(letter, "?").split()[0] for word in name for form in word for letter in form)


def same(one: Word, other: Word) -> bool:
    """Whether two words have a spelling in common."""
    return not one.isdisjoint(other)


def joined(name: list[Word]) -> str:
    """The words as one, for names written together or apart (`Anne Marie`, `Annemarie`)."""
    return "".join(min(word) for word in name)


def _spellings(word: str) -> Word:
    return frozenset({_plain(word), _plain(word.translate(_LONG))})


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_STROKES))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _is_placeholder(name: list[Word]) -> bool:
    return all(not word.isdisjoint(PLACEHOLDERS) for word in name)


def _is_code(text: str) -> bool:
    """Whether it is a trial's code such as `CQ500-CT-310`: every part of it has a digit."""
    return all(any(c.isdigit() for c in part) for part in text.split())

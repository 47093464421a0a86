"""Does the name and birth date in a file belong to this donor? The guard against a relative's disc."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from registry.rules.names import PARTICLES, Word, groups, joined, same, scripts, words

_SHORTEST_START: Final = 3
_EARLIEST: Final = 1880
#: What systems write where no birth date is known.
_NO_DATES: Final = frozenset({date(1900, 1, 1), date(1899, 12, 31), date(1970, 1, 1), date(1901, 1, 1)})


class Outcome(StrEnum):
    """UNKNOWN passes, because a file may carry no name; DIFFERENT stops the donation and the donor is asked."""

    MATCH = "match"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class _Name(StrEnum):
    SAME = "same"
    OTHER = "other"
    UNSURE = "unsure"  # an initial, a short form, only a family name, or another script: the birth date decides


@dataclass(frozen=True)
class Person:
    """Who the donor is, as they gave it when signing."""

    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    previous_names: tuple[str, ...] = field(repr=False)
    birth_date: date = field(repr=False)


def compare(patient_name: str, birth_date: str, person: Person) -> Outcome:
    """Whether a file's Patient's Name (PN) and Birth Date (DA, as text) are this person's; both may be empty or odd.

    The birth date decides where the name cannot, and a birth date that differs is never overruled: a father and a son
    may share a name.
    """
    found = {_judge(group, person) for group in groups(patient_name)}
    born = read_date(birth_date)
    if _Name.OTHER in found and _Name.SAME not in found:
        return Outcome.DIFFERENT
    if born is not None and born != person.birth_date:
        return Outcome.DIFFERENT
    return Outcome.MATCH if _Name.SAME in found or born is not None else Outcome.UNKNOWN


def key_text(patient_name: str, birth_date: str) -> str:
    """One text for one name and birth date, however written, to tell two people apart; empty without a name."""
    named = groups(patient_name)
    born = read_date(birth_date)
    return f"{' '.join(sorted(min(word) for word in named[0]))}|{born or ''}" if named else ""


def read_date(text: str) -> date | None:
    """A DA value (PS3.5 section 6.2; also ACR-NEMA's with dots), or None where it is none or stands for 'unknown'."""
    digits = text.strip(" \0").replace(".", "").replace("-", "")
    if len(digits) != 8 or not digits.isascii() or not digits.isdecimal():
        return None
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return None if found.year < _EARLIEST or found in _NO_DATES else found


def _judge(group: list[Word], person: Person) -> _Name:
    given = words(person.given_name)
    families = [words(name) for name in (person.family_name, *person.previous_names)]
    if scripts(group).isdisjoint(scripts([*given, *(word for family in families for word in family)])):
        return _Name.UNSURE
    verdicts = {_against(group, given, family) for family in families if family}
    return next((name for name in (_Name.SAME, _Name.UNSURE) if name in verdicts), _Name.OTHER)


def _family(name: list[Word], given: list[Word]) -> list[Word]:
    """The words that make a family name: without particles, and without the given name where a whole name was given."""
    own = [word for word in name if word.isdisjoint(PARTICLES) and not any(same(word, first) for first in given)]
    return own or name


def _against(group: list[Word], given: list[Word], family: list[Word]) -> _Name:
    if joined(group) in {joined([*family, *given]), joined([*given, *family])}:
        return _Name.SAME
    parts = _family(family, given)
    rest = [word for word in group if not any(same(word, part) for part in parts)]
    if len(rest) == len(group):
        return _Name.OTHER
    rest = [word for word in rest if word.isdisjoint(PARTICLES)]
    if any(same(word, first) for word in rest for first in given) or joined(rest) == joined(given):
        return _Name.SAME
    if not rest or any(_begins(word, first) for word in rest for first in given):
        return _Name.UNSURE
    return _Name.OTHER


def _begins(one: Word, other: Word) -> bool:
    """Whether one is the other's initial or short form (`A`, `Alex` for `Alexander`)."""
    pairs = [sorted((a, b), key=len) for a in one for b in other]
    return any(long.startswith(short) and (len(short) == 1 or len(short) >= _SHORTEST_START) for short, long in pairs)

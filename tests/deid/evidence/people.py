"""Invented people, and every way in which other people write who they are."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

_STARTS = ("Zor", "Vlu", "Kwa", "Pru", "Gno", "Dju", "Skre", "Bmu", "Fja", "Tchu", "Wra", "Yxo")
_MIDDLES = ("bane", "gomi", "stafu", "dreli", "mpoku", "ckani", "zzuvo", "phare", "lquni", "rtezo")
_ENDS = ("k", "sch", "wicz", "ff", "nd", "x", "rg", "mp")
#: Names that are words of radiology or of every day as well: no vocabulary tells them from a title.
WORDS_TOO = (("Brown", "April"), ("Head", "Rose"), ("Stern", "Iris"), ("Long", "May"), ("Hand", "Mark"))
#: In other letters: how the file holds them, and how people write them without.
ACCENTED = (
    ("Müller-Lüdenscheidt", "Jürgen", ("Mueller", "Muller", "Luedenscheidt", "Juergen", "Jurgen")),
    ("Škvorecký", "Zdeněk", ("Skvorecky", "Zdenek")),
    ("Ångström", "Bjørn", ("Angstrom", "Aangstroem", "Bjorn", "Bjoern")),
    ("Þórðarson", "Óðinn", ("Thordarson", "Odinn")),
)


def invented(seed: int) -> str:
    """A word of ten letters or so that no language has; another seed gives another word."""
    draw = random.Random(f"word {seed}")
    number, letters = seed, ""
    while True:
        number, place = divmod(number, 20)
        letters += "aeiou"[place % 5] + "bdgklmnprt"[place % 10]
        if not number:
            return draw.choice(_STARTS) + draw.choice(_MIDDLES) + letters + draw.choice(_ENDS)


class Person(NamedTuple):
    """Someone of whom a file is."""

    family: str
    given: str
    number: str
    birth: date
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As DICOM writes it (PS3.5 section 6.2.1)."""
        return f"{self.family}^{self.given}"

    @property
    def born(self) -> str:
        """As DICOM writes it."""
        return f"{self.birth:%Y%m%d}"


def person(seed: int) -> Person:
    """A person; every third has a name that is a word too."""
    draw = random.Random(f"person {seed}")
    family, given = WORDS_TOO[seed % len(WORDS_TOO)] if seed % 3 == 0 else (invented(2 * seed), invented(2 * seed + 1))
    number = "".join(draw.choices("123456789", k=8))
    birth = date(1931, 1, 1) + timedelta(days=draw.randrange(20_000))
    return Person(family, given, number, birth)


def written_names(who: Person) -> Iterator[str]:
    """The name in any order, with initials, run together."""
    family, given = who.family, who.given
    yield from (f"{family}^{given}", f"{family}, {given}", f"{given} {family}", f"{family}{given}", f"{given}_{family}")
    yield from (f"{given[0]}. {family}", f"{family} {given[0]}", f"{family.upper()} {given.lower()}")
    yield from (f"Mr {family}", f"{family}'s", f"{family}-{given}", family, given)


def written_births(who: Person) -> Iterator[str]:
    """The day of birth in every spelling."""
    day = who.birth
    for form in ("%Y%m%d", "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d%m%Y", "%Y/%m/%d", "%d-%b-%Y"):
        yield day.strftime(form)
    for form in ("%d %B %Y", "%B %d, %Y", "%d%b%Y", "%d.%m.%y", "%m/%d/%y", "%Y.%m.%d", "%b %d %Y"):
        yield day.strftime(form)
    yield f"{day.day}.{day.month}.{day.year}"


def written_numbers(who: Person) -> Iterator[str]:
    """The number as people group and prefix it."""
    n = who.number
    yield from (n, f"MRN{n}", f"MRN-{n}", f"#{n}", f"{n[:4]} {n[4:]}", f"{n[:2]}-{n[2:5]}-{n[5:]}", f"000{n}")
    yield from (f"ID:{n}", f"{n[:4]}.{n[4:]}", f"{n}_01", f"pat{n}x")


def signed(who: Person) -> Iterator[str]:
    """Initials beside a date, as people sign."""
    first, last, day = who.given[0], who.family[0], who.birth
    yield from (f"{first}{last} {day:%Y%m%d}", f"{last}{first} {day:%d.%m.%Y}", f"{first}.{last}. {day:%m/%d/%Y}")

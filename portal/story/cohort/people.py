"""Invents the donors' circumstances: hospitals, doctors, numbers, addresses and dates."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.story.cohort import scripts
from portal.story.cohort.names import Name, WordMaker

_TOWN_ENDS = ("ovwick", "umford", "ezholm", "agrath", "ilbury", "ondeval")
_SCAN_YEARS = (date(2016, 1, 4), date(2023, 12, 20))
# How long after it a second visit may be: close, so that one moved date never equals another original one.
_FOLLOW_UP_DAYS = (3, 18)


@dataclass(frozen=True)
class Hospital:
    """Where a scan was made, with the people and machines that scanners name."""

    name: str
    address: str
    station: str
    serial_number: str
    physicians: tuple[Name, ...]


@dataclass(frozen=True)
class Visit:
    """One study: its date, accession number and study ID."""

    day: date
    accession_number: str
    study_id: str


def hospital(maker: WordMaker) -> Hospital:
    """A new hospital with five doctors."""
    word, town, draw = maker.word(_TOWN_ENDS), maker.word(_TOWN_ENDS), maker.chance
    doctors = tuple(scripts.western(maker, draw.choice("FM")) for _ in range(5))
    serial = f"SN{draw.randrange(10**7, 10**8)}"
    return Hospital(f"{word} Infirmary", f"{town} Parade 3", f"{word[:9].upper()}{serial[-3:]}", serial, doctors)


def address(maker: WordMaker) -> str:
    """A street with its number, and a town."""
    return f"{maker.chance.randrange(1, 190)} {maker.word(_TOWN_ENDS)} Lane, {maker.word(_TOWN_ENDS)}"


def phone(index: int) -> str:
    """A number from the range that Ofcom keeps free for drama, so that it rings nowhere."""
    return f"+44 7700 900{index % 1000:03d}"


def national_id(maker: WordMaker, index: int) -> str:
    """A ten-digit number from the NHS's range for tests (999 …)."""
    return f"999{maker.chance.randrange(10**4):04d}{index % 1000:03d}"


def code(maker: WordMaker, letters: str, index: int) -> str:
    """A number as hospitals give them: letters, then seven digits that no other donor has."""
    return f"{letters}{maker.chance.randrange(10**4):04d}{index % 1000:03d}"


def birth_date(maker: WordMaker) -> date:
    """A day between 1932 and 1998."""
    return date(1932, 1, 1) + timedelta(days=maker.chance.randrange(66 * 365))


def visits(maker: WordMaker, index: int) -> tuple[Visit, ...]:
    """One visit, or two for every sixth donor."""
    first = _SCAN_YEARS[0] + timedelta(days=maker.chance.randrange((_SCAN_YEARS[1] - _SCAN_YEARS[0]).days))
    days = [first]
    if index % 6 == 5:
        days.append(first + timedelta(days=maker.chance.randint(*_FOLLOW_UP_DAYS)))
    return tuple(Visit(day, code(maker, "ACX", index), code(maker, "STQ", index)) for day in days)

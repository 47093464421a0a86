"""Finds dates in text however they are written: 19610304, 4.3.61, 4.III.61, 4MAR1961, March 4 1961, '61-03-04."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jaenner janvier janv januari enero ene gennaio gen",
            "feb february februar fevrier fevr fev februari febrero febbraio",
            "mar march maerz marz mrz mars maart mrt marzo",
            "apr april avril avr abril abr aprile",
            "may mai mei mayo maggio mag",
            "jun june juni juin junio giugno giu",
            "jul july juli juillet juil julio luglio lug",
            "aug august aout augustus agosto ago",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober okt octobre octubre ottobre ott",
            "nov november novembre noviembre",
            "dec december dezember dez decembre diciembre dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# A day has at least one digit, and its year two.
_ENOUGH, _LETTERS = re.compile(r"\d(?:\D*\d){2}"), re.compile("[a-z]{3,}")
_DIGITS = re.compile(r"\d+")
# A day alone, and a day with an hour, minutes and seconds after it, as in a DT value.
_LENGTHS = frozenset({6, 8, 10, 12, 14})
_PARTED = re.compile(r"(?<!\d)(\d{1,4})(?: ?[-./_,:] ?| )(\d{1,2})(?: ?[-./_,:] ?| )'?(\d{1,4})(?!\d)")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN_MONTH = re.compile(r"(?<![\d.])(\d{1,2})[-./] ?([ivx]{1,4})[-./] ?'?(\d{4}|\d\d)(?![\d.])")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[-._ /]*({_MONTH})(?![a-z])[-._ ,/']*(\d{{4}}|\d\d)(?!\d)")
_MONTH_FIRST = re.compile(rf"(?<![a-z])({_MONTH})[-._ /]*(\d{{1,2}})(?:st|nd|rd|th)?[-._ ,/']+(\d{{4}}|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}}|\d\d)[-._ ,/]*({_MONTH})[-._ ,/]*(\d{{1,2}})(?!\d)")


def dates_in(text: str) -> set[str]:
    """Every day, as YYYYMMDD, that some part of a text in lower case without accents may mean.

    Where an order is not known all are given: 04.03.61 is the 4th of March and the 3rd of April, of 1961 and 2061.
    """
    if text.isdigit() and text.isascii():
        return set(_of_digits(text[:8])) if len(text) in _LENGTHS else set()
    return {day for _, _, day in _found(text)}


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where in a text, in lower case without accents, something stands that may mean a day."""
    return sorted({(start, stop) for start, stop, _ in _found(text)})


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    if _ENOUGH.search(text) is None:
        return
    for match in _DIGITS.finditer(text):
        if len(match[0]) in _LENGTHS:
            yield from ((*match.span(), day) for day in _of_digits(match[0][:8]))
    at = 0
    while match_parted := _PARTED.search(text, at):
        yield from ((*match_parted.span(), day) for day in _of_parts(*match_parted.groups()))
        at = match_parted.end(1)
    for match in _ROMAN_MONTH.finditer(text):
        made = _days(match[3], str(_ROMAN.index(match[2])), match[1]) if match[2] in _ROMAN else ()
        yield from ((*match.span(), found) for found in made)
    if _MONTHS.keys().isdisjoint(_LETTERS.findall(text)):
        return
    for pattern, (day, month, year) in ((_DAY_FIRST, (1, 2, 3)), (_MONTH_FIRST, (2, 1, 3)), (_YEAR_FIRST, (3, 2, 1))):
        for match in pattern.finditer(text):
            made = _days(match[year], str(_MONTHS[match[month]]), match[day])
            yield from ((*match.span(), found) for found in made)


@lru_cache(maxsize=4096)
def _of_digits(text: str) -> frozenset[str]:
    if len(text) == 6:
        return _of_parts(text[:2], text[2:4], text[4:])
    return _of_parts(text[:4], text[4:6], text[6:]) | _of_parts(text[:2], text[2:4], text[4:])


@lru_cache(maxsize=4096)
def _of_parts(first: str, second: str, third: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if len(first) != 3 and len(third) <= 2:
        found |= _days(first, second, third)
    if len(third) != 3 and len(first) <= 2:
        found |= _days(third, second, first) | _days(third, first, second)
    return found


def _days(year: str, month: str, day: str) -> frozenset[str]:
    """The valid days among a year (of two digits: of both centuries), a month and a day; empty for other years."""
    if len(year) not in (2, 4) or (len(year) == 4 and not 1850 <= int(year) < 2150):
        return frozenset()
    years = (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year))
    found = set()
    for at, number in product(years, (int(month),)):
        try:
            found.add(f"{date(at, number, int(day)):%Y%m%d}")
        except ValueError:
            continue
    return frozenset(found)

"""Reads plain JSON values strictly: what is not understood is refused with a sentence, never guessed."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from consent.rules.vocabulary import load_data
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DISEASE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*:[A-Za-z0-9_.-]+", re.ASCII)
# ISO 3166-1 in two letters or three, and ISO 3166-2 for a part of a country.
_COUNTRY: Final = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9]{1,3})?", re.ASCII)
_TWO_LETTERS: Final[dict[str, str]] = load_data("countries.json")["alpha_3"]
#: Every country of ISO 3166-1, in two letters.
COUNTRIES: Final = frozenset(_TWO_LETTERS.values())
_SHOWN: Final = 40


def shown(name: object) -> str:
    """A key or code as it may stand in an error: quoted, and cut where it is long."""
    text = ascii(str(name))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…'"


def as_object(value: object, known: Collection[str], what: str) -> Mapping[str, Any]:
    """`value` as a JSON object that has no other keys than `known`."""
    if not isinstance(value, Mapping):
        raise Invalid(Filled(_("{what} must be an object."), what=what))
    for key in value:
        if key not in known:
            raise Invalid(Filled(_("{what} has an unknown key: {key}."), what=what, key=shown(key)))
    return value


def as_list(value: object, what: str) -> list[Any]:
    """`value` as a list; a missing one is empty."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Invalid(Filled(_("{what} must be a list."), what=what))
    return list(value)


def as_text(value: object, what: str) -> str | None:
    """`value` as text without spaces around it; None when it is missing or blank."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Invalid(Filled(_("{what} must be text."), what=what))
    if any("\ud800" <= letter <= "\udfff" or letter == "\x00" for letter in value):  # no database keeps these
        raise Invalid(Filled(_("{what} is not valid Unicode text."), what=what))
    return value.strip() or None


def as_texts(value: object, what: str) -> tuple[str, ...]:
    """`value`, a list of texts, sorted and without repeats."""
    texts = [as_text(item, Filled(_("Each entry of {what}"), what=what)) for item in as_list(value, what)]
    if None in texts:
        raise Invalid(Filled(_("{what} must not have an empty entry."), what=what))
    return tuple(sorted({text for text in texts if text}))


def as_diseases(value: object, what: str) -> tuple[str, ...]:
    """`value`, a list of disease ids such as `MONDO:0004992`."""
    return _all_like(as_texts(value, what), _DISEASE, _("{what} must be ids such as MONDO:0004992."), what)


def as_countries(value: object, what: str) -> tuple[str, ...]:
    """`value`, a list of ISO 3166 codes in capitals: of countries in two letters (GBR is GB), or of parts of them."""
    codes = _all_like(as_texts(value, what), _COUNTRY, _("{what} must be ISO 3166 country codes such as GB."), what)
    return tuple(sorted({_country(*code.upper().partition("-")) for code in codes}))


def is_in_a_country(place: str) -> bool:
    """Whether a code such as US or US-CA is a country of ISO 3166-1, or says that it is a part of one."""
    return place.partition("-")[0] in COUNTRIES


def as_date(value: object, what: str) -> date | None:
    """`value`, an ISO 8601 calendar date such as `2026-01-31`."""
    text = as_text(value, what)
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(Filled(_("{what} must be a date such as 2026-01-31."), what=what))


def as_answer(value: object, what: str) -> bool | None:
    """`value` as yes, no or (None) not answered; 0, 1, 'yes' and the like are refused."""
    if value is None or isinstance(value, bool):
        return value
    raise Invalid(Filled(_("{what} must be true or false."), what=what))


def _country(country: str, dash: str, part: str) -> str:
    return _TWO_LETTERS.get(country, country) + dash + part


def _all_like(texts: tuple[str, ...], pattern: re.Pattern[str], template: str, what: str) -> tuple[str, ...]:
    if not all(pattern.fullmatch(text) for text in texts):
        raise Invalid(Filled(template, what=what))
    return texts

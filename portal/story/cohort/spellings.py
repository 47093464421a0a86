"""All the ways in which a name, a number or a date may have been written down: case, script, escapes, encodings."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import quote, quote_plus

from portal.story.cohort.names import plain_letters

SHORTEST = 7  # bytes: anything shorter turns up by chance in some hundred million bytes
_TEXT_ENCODINGS = (
    "utf-8", "latin-1", "utf-16-le", "utf-16-be",
    "iso2022_jp", "shift_jis", "euc_jp", "gb18030", "iso8859_5", "iso8859_2",
)  # fmt: skip
_DATE_FORMATS = (
    "%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y:%m:%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%m/%d/%Y",
    "%d%m%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d%b%Y", "%b %d, %Y", "%B %d, %Y", "%b. %d, %Y", "%d %b. %Y",
)  # fmt: skip


def text_spellings(text: str) -> set[bytes]:
    """Every byte string, ASCII letters in lower case, that writes this text; search in lower-cased bytes.

    Raises:
        ValueError: the text is so short that finding it would prove nothing.
    """
    require_long(text.encode())
    return {spelling for form in _forms(text) for spelling in _encoded(form)}


def require_long(value: bytes) -> None:
    """Refuse a value so short that finding it would prove nothing.

    Raises:
        ValueError: it has fewer than `SHORTEST` bytes.
    """
    if len(value) < SHORTEST:
        raise ValueError("A planted value needs at least seven bytes; a shorter one is found by chance.")


def phone_spellings(number: str) -> set[bytes]:
    """As `text_spellings`, for an international number "+CC ...": also without the country code or any space."""
    country, *groups = number.removeprefix("+").split()
    written = {" ".join(groups), "-".join(groups), "".join(groups), country + "".join(groups)}
    return {spelling for form in written for spelling in _encoded(form)}


def date_spellings(day: date) -> set[bytes]:
    """Every byte string that writes this day in full, with the year in four digits, lower case."""
    written = {day.strftime(form) for form in _DATE_FORMATS}
    written |= {re.sub(r"\b0(\d)", r"\1", form) for form in written if not form.isdigit()}
    return {spelling for form in written for spelling in _encoded(form)}


def _forms(text: str) -> Iterator[str]:
    """The text, its cases and compositions, in ASCII letters, and as JSON and addresses escape it."""
    bases = {text, text.replace("^", " "), text.replace("^", "")}
    bases |= {plain_letters(base) for base in bases}
    cased = {form for base in bases for form in (base, base.upper(), base.lower())}
    composed = {unicodedata.normalize(form, base) for base in cased for form in ("NFC", "NFD")}
    for form in composed:
        yield from (form, json.dumps(form)[1:-1], quote(form), quote_plus(form))


def _encoded(form: str) -> Iterable[bytes]:
    encodings = ("utf-8", "utf-16-le", "utf-16-be") if form.isascii() else _TEXT_ENCODINGS
    for encoding in encodings:
        try:
            spelling = form.encode(encoding).lower()
        except UnicodeEncodeError:
            continue
        if len(spelling) >= SHORTEST:
            yield spelling

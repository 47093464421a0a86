"""Every way in which an identifying value may be written, as the tests' own search looks for it."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from curation.deid.texts.spellings import ESCAPE
from curation.deid.texts.vocabulary import PARTICLES, is_known
from curation.deid.values.pseudonyms import is_registered

# One for each family of character sets in PS3.3 section C.12.1.1.2, and what other software writes.
_ENCODINGS = (
    *(
        "utf-8",
        "latin-1",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "shift_jis",
        "euc_jp",
        "iso2022_jp_2",
        "euc_kr",
    ),
    *("iso2022_kr", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9", "tis_620"),
)
_DATE = re.compile(r"(\d{4})([-./]?)(\d{2})\2(\d{2})")
_PART = re.compile(r"[\^=\\\s,;]+")
_FINER = re.compile(r"[^\w]+")
_UID = re.compile(r"\d+(\.\d+){3,}")
_FORMS = (
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%Y/%m/%d",
    "%d%m%Y",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
)
# Names of two letters, such as Li, are only looked for where they are known to be names.
MIN_NAME, MIN_LETTERS, MIN_DIGITS = 2, 3, 4
LONG_WORD, LONG_NUMBER = 6, 8


class Needle(NamedTuple):
    """Bytes to look for, in lower case; `whole`: only as a whole word; `text_only`: only in text elements."""

    value: bytes
    whole: bool
    text_only: bool
    date: bool = False


@lru_cache(maxsize=4096)
def needles(value: str | bytes) -> tuple[Needle, ...]:
    """What to look for when a value must not occur; none for a value too short to mean anyone."""
    if isinstance(value, bytes):
        return (Needle(value.lower(), False, False),) if len(value) >= LONG_WORD else ()
    return tuple(dict.fromkeys(_needles(value.strip(" \0"))))


def _needles(value: str) -> Iterator[Needle]:
    match = _DATE.fullmatch(value)
    day = _as_date(match) if match else None
    if day is not None:
        for form in _FORMS:
            yield Needle(day.strftime(form).encode(), True, False, True)
    elif _UID.fullmatch(value):
        if not is_registered(value.encode()):
            yield Needle(value.encode(), True, False)
    else:
        for word in _words(value):
            yield from _encoded(word, MIN_NAME if "^" in value else MIN_LETTERS)


def day_of(value: str | bytes) -> str | None:
    """The day that a value is, as YYYYMMDD; None when it is none."""
    match = _DATE.fullmatch(value.strip(" \0")) if isinstance(value, str) else None
    day = _as_date(match) if match else None
    return f"{day:%Y%m%d}" if day else None


def _as_date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def _words(value: str) -> dict[str, None]:
    """The value, the parts of it where it is a name, and the parts of those, also without their accents."""
    parts = [value, *_PART.split(value)] if "^" in value or "=" in value else [value]
    if "^" in value:
        parts += [piece for part in parts[1:] for piece in _FINER.split(part)]
        parts[0:1] = [value.replace("^", " ").strip(), ", ".join(p for p in value.split("^")[:2] if p)]
    plain = [unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode() for part in parts]
    return dict.fromkeys(part.strip() for part in [*parts, *plain] if part.strip())


def _encoded(word: str, least: int) -> Iterator[Needle]:
    """A word in every letter case and encoding, if it is long enough to mean anyone."""
    ascii_only = word.isascii()
    shortest = MIN_DIGITS if word.isdigit() else least
    if ascii_only and (len(word) < shortest or (len(word) < MIN_LETTERS and _is_common(word.lower()))):
        return
    distinct = len(word) >= (LONG_NUMBER if word.isdigit() else LONG_WORD)
    for spelled in dict.fromkeys((word, word.lower(), word.upper(), word.title())):
        for encoding in _ENCODINGS:
            try:
                written = ESCAPE.sub(b"", spelled.encode(encoding)).lower()
            except UnicodeEncodeError:
                continue
            if ascii_only and written == spelled.lower().encode():
                yield Needle(written, not distinct or word.isdigit(), not distinct)
            elif len(written) >= (LONG_WORD if ascii_only else MIN_LETTERS):
                yield Needle(written, False, len(written) < LONG_WORD)


def _is_common(word: str) -> bool:
    """Whether two letters are also what stands before names, or a word or code that anyone writes, such as no or ct."""
    return word in PARTICLES or is_known(word)

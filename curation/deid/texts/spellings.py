"""Every way in which an identifying value may be written: parts of names, forms of dates, letter cases, encodings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ..values.pseudonyms import is_registered
from .vocabulary import PARTICLES, is_known

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
#: Escape sequences of ISO 2022 (PS3.5 section 6.1.2.4, and what Python's codecs write), and shifts between its sets.
ESCAPE = re.compile(rb"\x1b(?:\$?[()*+,\-./][0-~]|\$[@AB]|N)|[\x0e\x0f]")
_DATE = re.compile(r"(\d{4})([-./]?)(\d{2})\2(\d{2})")
_PART = re.compile(r"[\^=\\\s,;]+")
_FINER = re.compile(r"[^\w]+")
_UID = re.compile(r"\d+(\.\d+){3,}")
# Letters that come apart in two ways: as German, Danish and Swedish write them without, and as others do.
_APART = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
_SINGLE = {"å": "a", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
_LETTERS = str.maketrans(_SINGLE | _APART | {one.upper(): two.title() for one, two in _APART.items() if one != "ß"})
_STROKES = str.maketrans({"ß": "ss", "þ": "th"} | _SINGLE)
_TWO_LETTERS = re.compile("aa|ae|oe|ue")
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


def plain(text: str) -> str:
    """A text without accents, ligatures and umlauts written out: Müller is Mueller; other scripts stay as they are."""
    return text if text.isascii() else _without_accents(unicodedata.normalize("NFC", text).translate(_LETTERS))


def folded(text: str) -> str:
    """A text in lower case and plain: Müller is mueller."""
    return plain(text).lower()


def foldings(text: str) -> tuple[str, ...]:
    """A text in lower case and plain in each way of writing it: Müller is mueller and muller, and so is Mueller."""
    first = folded(text)
    if text.isascii():
        return tuple(dict.fromkeys((first, _TWO_LETTERS.sub(lambda pair: pair[0][0], first))))
    return tuple(
        dict.fromkeys((first, _without_accents(unicodedata.normalize("NFC", text.lower()).translate(_STROKES))))
    )


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_STROKES)


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


def encoded(word: str) -> set[bytes]:
    """A word in each letter case and encoding: lower-case bytes without escape sequences and zeros, two or more."""
    if word.isascii() and word.isprintable():  # all of them write it alike, but for zeros
        return {word.lower().encode()} if len(word) > 1 else set()
    found = set()
    for spelled in {word, word.lower(), word.upper(), word.title()}:
        for encoding in _ENCODINGS:
            try:
                written = ESCAPE.sub(b"", spelled.encode(encoding)).replace(b"\0", b"").lower()
            except UnicodeEncodeError:
                continue
            if len(written) > 1:
                found.add(written)
    return found


def _is_common(word: str) -> bool:
    """Whether two letters are also what stands before names, or a word or code that anyone writes, such as no or ct."""
    return word in PARTICLES or is_known(word)


def any_of(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern that finds any of some literals; those that begin alike are tried together, which is ten times faster.

    With no needles it finds nothing.
    """
    by_first: dict[bytes, list[bytes]] = {}
    for needle in sorted(needles):
        by_first.setdefault(needle[:1], []).append(re.escape(needle[1:]))
    groups = (re.escape(first) + b"(?:" + b"|".join(rest) + b")" for first, rest in by_first.items())
    return re.compile(b"|".join(groups) or rb"(?!)")

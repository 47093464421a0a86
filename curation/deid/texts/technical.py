"""Which technical terms stay: what is neither a known word, nor a name of a product, nor a short code, goes."""

import re

from .makers import NAMES
from .spellings import plain
from .vocabulary import TITLES, is_known, pieces_of
from .written_dates import date_spans

# Makers, models and software: what is not known goes, and the rest stays.
_BY_WORDS = frozenset(
    {0x00080070, 0x00081090, 0x00181016, 0x00181018, 0x00181019, 0x00181020, 0x0018702A, 0x0018702B}
    | {0x00189041, 0x00189050}
)
# Attributes whose value is a short name of a technique: FL, *fl3d1, EP\SE, BC.
_SHORT_NAMES = frozenset(
    {0x00180024, 0x00189005, 0x00181210, 0x00181250, 0x00181251, 0x00189047, 0x001811B0, 0x00185020, 0x00281054}
)
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:\.(?=\d)[A-Za-z0-9]+|(?<=\d)\.[A-Za-z0-9]+)*")
_LONG_NUMBER = re.compile(r"\d{6}")
_RUN = re.compile(r"[A-Za-z]+|\d+")
_SHORT = re.compile(r"[*_ ]?[A-Z]{1,4}")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)")
# Four numbers and more are no day.
_BUILD = re.compile(r"\d{1,3}(?:\.\d{1,3}){3,5}")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3})+")
_LONGEST_NUMBER, _LONGEST_CODE, _MOST_DIGITS, _MOST_LETTERS = 4, 16, 12, 3


def clean_term(value: str, tag: int = 0) -> str:
    """What may stay of one value of a technical attribute: all, words of it, or nothing (an empty text)."""
    if tag in _SHORT_NAMES and _SHORT.fullmatch(value.strip()):
        return value
    kept = _parts(value)
    if all(kept.values()):
        return value
    if tag not in _BY_WORDS:
        return ""
    left = [value[start:stop] for (start, stop), stays in kept.items() if stays and not value[start:stop].isdigit()]
    return " ".join(left) if any(map(str.isalpha, "".join(left))) else ""


def _parts(value: str) -> dict[tuple[int, int], bool]:
    """Where each word or code of a text stands, and whether it may stay."""
    low = plain(value).lower()
    found = [match.span() for match in _TOKEN.finditer(value)]
    if not value.isascii() or len(low) != len(value):
        return dict.fromkeys([(0, len(value)), *found], False)
    gone = date_spans(low) + [match.span() for match in _TIME.finditer(low)]
    kept = {
        span: is_technical(value[slice(*span)])
        and (_BUILD.fullmatch(value, *span) is not None or not any(a < span[1] and span[0] < b for a, b in gone))
        for span in found
    }
    for at, (start, stop) in enumerate(found):
        word = value[start:stop]
        if word.lower() in TITLES and not word.isupper():
            kept.update(dict.fromkeys(found[at : at + 3], False))
        beside = value[slice(*found[at + 1])] if at + 1 < len(found) else ""
        if word.isdigit() and beside.isdigit() and len(word) + len(beside) > _LONGEST_NUMBER + 2:
            kept.update(dict.fromkeys(found[at : at + 2], False))
    return kept


def is_plain_code_string(value: bytes) -> bool:
    """Whether a value of VR CS is one token, or words each of which is known; long numbers are none."""
    text = value.decode("ascii", "replace").strip(" \0")
    if " " not in text and _LONG_NUMBER.search(text) is None:
        return True
    return all(map(is_technical, _TOKEN.findall(text)))


def is_technical(word: str) -> bool:
    """Whether a word is one of the vocabulary, a name of a product, or a short code of letters and digits."""
    low = word.lower()
    if len(low) == 1 or _is_word(low):
        return True
    if word.isdigit():
        return len(word) <= _LONGEST_NUMBER
    runs = _RUN.findall(word)
    digits = [run for run in runs if run.isdigit()]
    if len(word) > _LONGEST_CODE or any(len(run) > _LONGEST_NUMBER for run in digits):
        return False
    if sum(map(len, digits)) > _MOST_DIGITS or ("." in word and word.replace(".", "").isdigit()):
        return _VERSION.fullmatch(word) is not None and sum(map(len, digits)) <= _MOST_DIGITS
    return bool(digits or len(pieces_of(word)) > 1) and all(
        (bool(digits) and len(run) <= _MOST_LETTERS) or all(map(_is_word, pieces_of(run)))
        for run in runs
        if run.isalpha()
    )


def _is_word(low: str) -> bool:
    return low in NAMES or is_known(low)

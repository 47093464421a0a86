"""Cleans titles and descriptions: only words and numbers that anyone writes of a picture pass."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..files.charsets import decoded_bytes
from ..limits import MAX_IDENTITY_BYTES
from .echoes import Echoes
from .spellings import plain
from .vocabulary import (
    BETWEEN,
    COUNTED,
    NUMBERED,
    PAIRED,
    ROMAN_COUNTED,
    TITLES,
    UNITS,
    YEARS,
    is_known,
    pieces_of,
)
from .written_dates import date_spans

_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:] ?\d\d(?:[:.]\d+)*(?!\d)|(?<!\d)\d{1,2}h\d\d(?!\d)")
_CHUNK = re.compile(r"[^\W_](?:[^\W_]|(?<=\d)[.,](?=\d))*")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
_DAY_AND_MONTH = re.compile(r"[0-3]?\d\.[01]\d")
# From ninety on an age says who someone is: 95M, 95/F, M 95, age 95; not Tc-99m or 95 mm.
_OLD = r"(?:9\d|1[0-2]\d)"
_SEX = "female|male|maennlich|weiblich"
_AGE = re.compile(
    rf"(?<![\w.,])(?!99m[- ]?tc|(?:(?<=tc)|(?<=tc[- ]))99m){_OLD} ?[-/,]? ?(?:[mfw]|mann|frau|{_SEX})(?![^\W_])"
    rf"|(?<![^\W_])(?:[mf]|{_SEX}) ?[-/,]? ?{_OLD}(?![\w.,])"
    rf"|(?<![^\W_])(?:aged?|alter|edad|eta|leeftijd)(?:[\W_]{{1,3}}[a-z]{{1,12}})?[\W_]{{0,3}}{_OLD}(?!\d)"
)
_STROKED = re.compile(r"(?<![\w.,/-])(\d{1,2})/(\d{1,2})(?! ?(?:mm|cm)\b)(?![\w,/]|\.\d)")
_SHORT_DAY = re.compile(
    r"(?<![\w.,/-])(?:\d{1,2}\. ?\d{1,2}\.(?!\d)|0[1-9]-\d\d(?![\w-])|\d\d-0[1-9](?![\w-]))|(?<!\w)'\d\d(?!\w)"
)
_WORD_BEFORE = re.compile(r"([a-z]+)[^a-z0-9]*\Z")
_MOST_DAYS, _MOST_MONTHS, _LONGEST_COUNTED = 31, 12, 16
_DIGIT = re.compile(r"\d")
_UNITS = "|".join(sorted(UNITS, key=len, reverse=True))
# What letters and digits together may be; everything else of both could be a number that names someone.
_MIXED = re.compile(
    rf"\d{{1,4}}(?:[.,]\d{{1,3}})?(?:{_UNITS})|\d{{1,4}}(?:[.,]\d{{1,3}})?(?:x\d{{1,4}}(?:[.,]\d{{1,3}})?){{1,2}}(?:mm|cm)?"
    r"|(?:b|tr|te|ti|fov|fa|bw)\d{1,4}|[pse]\d|(?:c[1-8]|t1[0-2]|th?[1-9]|th1[0-2]|l[1-6]|s[1-5])(?:[clts]\d{1,2})?"
    r"|(?:t?fl|tse|se|gre|ep(?:fid|se)?|spc(?:ir)?|fi|tir|h)[23]d\d?(?:r\d\d?)?|\d{2,4}b"
    r"|v[1-9]|[1-6][a-dv]|[bhiudt]\d\d[a-z]{1,2}|(?:br|hr|bl|bv|bf|hv|hc|hp|hh|ur|sa|qr|qc|fc)\d\d[a-z]{0,2}"
)
_SIZED = re.compile(r"([a-z]{2,})\d{1,2}[.,]\d{1,2}(?:mm|cm|t)")
_ROMAN = re.compile(r"I{1,3}|I?V|VI{1,3}|IX|IV[ab]")
_ABBREVIATED = re.compile(
    r"\+ ?c(?![^\W_])|(?<![^\W_])c\+(?![^\W_])|"
    r"(?<![^\W_])(?:w\s?[/+&\s]?\s?wo(?![^\W_])|w/o(?![^\W_])|w/|(?:x-ray|[ctl][- ]spine"
    r"|jpeg 2000|r/o|f/u|y[- ]view|e-thrive|(?:pi|bi|li|ti|o)-rads)(?![^\W_])"
    r"|v\. ?a\.|z\. ?n\.|(?-i:i\.v\.|a\.p\.|p\.a\.)"
    r"|wo?(?= +(?:iv|contrast|cont?|gad|gd|ce)(?![^\W_])))",
    re.IGNORECASE,
)
_WRITTEN_OUT = {"w/o": "without", "wo": "without", "w/": "with ", "w": "with", "x-ray": "xray"} | {
    f"{letter}{mark}spine": f"{letter.upper()}spine" for letter in "ctl" for mark in "- "
}
_WRITTEN_OUT |= {"r/o": "rule out", "f/u": "followup", "y-view": "yview", "y view": "yview", "e-thrive": "ethrive"}
_WRITTEN_OUT |= {f"{system}-rads": f"{system}rads" for system in ("pi", "bi", "li", "ti", "o")}
_WRITTEN_OUT |= {"v.a.": "verdacht auf", "v. a.": "verdacht auf", "z.n.": "zustand nach", "z. n.": "zustand nach"}
_WRITTEN_OUT |= {"jpeg 2000": "jpeg2000", "i.v.": "iv", "a.p.": "ap", "p.a.": "pa"}
_WRITTEN_OUT |= {"+c": " CE", "+ c": " CE", "c+": "CE"}
_BOTH = "with and without"
_SINGLE = frozenset("lr")
_WORDS_ONLY = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_PRINTABLE = re.compile(r"[ -~]*")
_NEAR = re.compile(r"[-_/.#:+]+")
_TARGETS = frozenset({"gtv", "ctv", "ptv", "itv"})
_MAX_DIGITS, _OLDEST_SHOWN = 4, 90


class Chunk(NamedTuple):
    """A word or number: as it is written, in lower case, what stands between it and the one before, and which it is."""

    text: str
    low: str
    before: str
    is_number: bool


def clean_text(text: bytes, encodings: list[str], echoes: Echoes, longest: int = 64) -> bytes | None:
    """What may stay of a text, as ASCII; None when nothing may.

    `encodings` are its item's character sets; `echoes` what no kept text may repeat; `longest` how many characters
    each value may have by its VR (PS3.5 section 6.2). A value of which everything passes stays as it is; of any
    other the words that pass stay, with single spaces.
    """
    values = decoded_bytes(bytes(text[:MAX_IDENTITY_BYTES]), encodings).split("\\")
    kept = [value for value in (_cleaned(value.strip(" \0"), echoes, longest) for value in values) if value]
    whole = "\\".join(kept).encode("ascii")
    return None if not kept or (len(kept) > 1 and echoes.within(whole)) else whole


def _cleaned(value: str, echoes: Echoes, longest: int) -> str:
    """What may stay of one value: cleaned until nothing goes, since numbers may come together when words go."""
    if len(value) <= longest and _are_words(value, echoes):
        return "" if echoes.within(value.encode("ascii")) else value
    before = None
    while value and value != before:
        before, value = value, _once_cleaned(value, longest, echoes)
    return "" if echoes.within(value.encode("ascii")) else value


def _are_words(value: str, echoes: Echoes) -> bool:
    """Whether a value is nothing but words that anyone writes, none of them somebody's name in this study."""
    if _WORDS_ONLY.fullmatch(value) is None:
        return False
    words = value.lower().split(" ")
    return (
        all(map(is_known, words))
        and echoes.words.keys().isdisjoint(words)
        and TITLES.isdisjoint(words)
        and not any(len(word) < 2 or word in _WRITTEN_OUT for word in words)
    )


def _once_cleaned(value: str, longest: int, echoes: Echoes) -> str:
    written_out = _ABBREVIATED.sub(lambda match: _WRITTEN_OUT.get(match[0].lower(), _BOTH), plain(value))
    chunks = _chunks(written_out)
    passed = _passed(chunks, echoes)
    kept = [chunk.text for chunk, passes in zip(chunks, passed, strict=True) if passes]
    if _PRINTABLE.fullmatch(value) and kept == _CHUNK.findall(written_out) and len(value) <= longest:
        return value if kept else ""
    while len(" ".join(kept)) > longest:
        kept.pop()
    return " ".join(kept)


def _chunks(bare: str) -> list[Chunk]:
    """The words and numbers of a text; days and times of day are left out."""
    low = bare.lower()
    if len(low) != len(bare):
        bare = low
    spans = _left_out(low) if _DIGIT.search(low) else []
    found, at = [], 0
    for match in _CHUNK.finditer(low):
        (start, end), word = match.span(), match[0]
        if not any(first < end and start < last for first, last in spans):
            is_number = not word.isalpha() and _NUMBER.fullmatch(word) is not None
            found.append(Chunk(bare[start:end], word, bare[at:start], is_number))
        at = end
    return found


def _left_out(low: str) -> list[tuple[int, int]]:
    """Where days, times of day and ages from ninety on stand."""
    others = [match.span() for pattern in (_TIME, _AGE, _SHORT_DAY) for match in pattern.finditer(low)]
    return [*date_spans(low), *_short_days(low), *others]


def _short_days(low: str) -> Iterator[tuple[int, int]]:
    """Where a day and a month stand without a year; two numbers after a word that counts are none: slice 3/12."""
    for match in _STROKED.finditer(low):
        lower, higher = sorted((int(match[1]), int(match[2])))
        before = _WORD_BEFORE.search(low[max(0, match.start() - _LONGEST_COUNTED) : match.start()])
        counted = before is not None and before[1] in COUNTED
        a_day = higher <= _MOST_DAYS or match[0].startswith("0")  # 03/61 is a month and a year
        if 1 <= lower <= _MOST_MONTHS and a_day and not counted:
            yield match.span()


def _passed(chunks: list[Chunk], echoes: Echoes) -> list[bool]:
    """For each chunk whether it stays."""
    passed = [_is_known(chunk, echoes) for chunk in chunks]
    for at, chunk in enumerate(chunks):
        if chunk.low in TITLES and _is_title(chunks, at):
            passed[at : at + 3] = [False] * len(passed[at : at + 3])
        elif not chunk.low.isalpha() and _is_numbered(chunks, at):
            passed[at] = False
        elif _fits_between(chunks, at) or (chunk.low not in echoes.words and _is_left(chunks, passed, at)):
            passed[at] = True
        elif chunk.low in YEARS and at and chunks[at - 1].is_number:
            passed[at - 1] = passed[at - 1] and float(chunks[at - 1].low.replace(",", ".")) < _OLDEST_SHOWN
        elif chunk.low in UNITS and at and chunks[at - 1].is_number and chunk.before in ("", " "):
            passed[at] = passed[at - 1] = chunk.low not in echoes.words
    for first, last in _runs(chunks):
        digits = sum(sum(map(str.isdigit, chunk.low)) for chunk in chunks[first:last])
        # Whole numbers beside each other may be one identifier, whatever comes after them.
        broken = all("." in chunk.low or "," in chunk.low for chunk in chunks[first:last])
        measured = last < len(chunks) and chunks[last].low in UNITS and (last - first == 1 or broken)
        if digits > _MAX_DIGITS and not measured:
            passed[first:last] = [False] * (last - first)
        if any(_tied(chunks, passed, at) for at in (first - 1, last)):
            passed[first:last] = [False] * (last - first)
    return passed


def _fits_between(chunks: list[Chunk], at: int) -> bool:
    """Whether letters mean something where they stand: 5 x 5, GTV_p, CTV-N, segment IVa."""
    low, before = chunks[at].low, chunks[at - 1] if at else None
    if low == "x":
        return before is not None and before.is_number and at + 1 < len(chunks) and chunks[at + 1].is_number
    if before is not None and before.low in ROMAN_COUNTED and _ROMAN.fullmatch(chunks[at].text):
        return True
    return low in ("p", "n", "t") and before is not None and before.low in _TARGETS


def _is_numbered(chunks: list[Chunk], at: int) -> bool:
    """Whether a number is someone's by the word before it: geb 61, room 4, MRN 12."""
    if not any(map(str.isdigit, chunks[at].low)):
        return False
    before = [chunk.low for chunk in chunks[max(at - 2, 0) : at]]
    return before[-1:] != [] and (before[-1] in NUMBERED or (before[-1] in BETWEEN and before[0] in NUMBERED))


def _is_left(chunks: list[Chunk], passed: list[bool], at: int) -> bool:
    """Whether li is left, as Germans write it after what it is the left one of; Li may be someone's name."""
    if chunks[at].low != "li" or not at or not all(passed[at - 1 : at] + passed[at + 1 : at + 2]):
        return False
    return chunks[at - 1].low in PAIRED or (chunks[at].text == "li" and len(chunks[at - 1].low) > len("li"))


def _tied(chunks: list[Chunk], passed: list[bool], at: int) -> bool:
    """Whether a neighbour of a number goes and hangs on it by a hyphen or the like, as in MRN-123."""
    if not 0 <= at < len(chunks) or passed[at]:
        return False
    return any(_NEAR.fullmatch(chunk.before) is not None for chunk in chunks[at : at + 2])


def _runs(chunks: list[Chunk]) -> Iterator[tuple[int, int]]:
    """From where to where numbers follow each other: a telephone number, an identifier in groups."""
    at = 0
    while at < len(chunks):
        first = at
        while at < len(chunks) and chunks[at].is_number:
            at += 1
        if at > first:
            yield first, at
        at += 1


def _is_title(chunks: list[Chunk], at: int) -> bool:
    """Whether the words that follow a title are someone's name; DR alone is a modality."""
    dotted = at + 1 < len(chunks) and chunks[at + 1].before.startswith(".")
    return dotted or not chunks[at].text.isupper()


def _is_known(chunk: Chunk, echoes: Echoes) -> bool:
    """Whether a chunk by itself may stay."""
    low = chunk.low
    if low in echoes.words or not low.isascii():
        return False
    if low.isalpha():
        if is_known(low) or low in _SINGLE:
            return True
        pieces = pieces_of(chunk.text)
        return len(pieces) > 1 and _all_known(pieces, echoes)  # a unit alone may be someone's initials
    if chunk.is_number:
        digits = low.replace(",", ".").replace(".", "")
        return (len(digits) < _MAX_DIGITS or low == "1024" or "." in low) and not _DAY_AND_MONTH.fullmatch(low)
    sized = _SIZED.fullmatch(low)
    if is_known(low) or _MIXED.fullmatch(low) or (sized and _all_known([sized[1]], echoes)):
        return True
    runs = _RUN.findall(low)
    numbers = [run for run in runs if run.isdigit()]
    letters = len(low) - sum(map(len, numbers))
    short = all(len(run) < min(_MAX_DIGITS, letters + 1) for run in numbers) and sum(map(len, numbers)) <= _MAX_DIGITS
    return short and "".join(runs) == low and _all_known([run for run in runs if not run.isdigit()], echoes)


def _all_known(words: list[str], echoes: Echoes) -> bool:
    return all(len(word) > 1 and (is_known(word) or word in UNITS) and word not in echoes.words for word in words)

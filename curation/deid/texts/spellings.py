"""Every way in which a word may be written: with and without accents, in each letter case and encoding."""

import re
import unicodedata
from collections.abc import Iterable

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
# Letters that come apart in two ways: as German, Danish and Swedish write them without, and as others do.
_APART = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
_SINGLE = {"å": "a", "ø": "o", "æ": "a", "œ": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
_LETTERS = str.maketrans(_SINGLE | _APART | {one.upper(): two.title() for one, two in _APART.items() if one != "ß"})
_STROKES = str.maketrans({"ß": "ss", "þ": "th"} | _SINGLE)
_TWO_LETTERS = re.compile("aa|ae|oe|ue")


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


def any_of(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern that finds any of some literals; those that begin alike are tried together, which is ten times faster.

    With no needles it finds nothing.
    """
    by_first: dict[bytes, list[bytes]] = {}
    for needle in sorted(needles):
        by_first.setdefault(needle[:1], []).append(re.escape(needle[1:]))
    groups = (re.escape(first) + b"(?:" + b"|".join(rest) + b")" for first, rest in by_first.items())
    return re.compile(b"|".join(groups) or rb"(?!)")

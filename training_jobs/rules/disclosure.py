"""What must not leave with a result: small counts, one row a person, identifiers, dates (disclosure control)."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from core.texts import gettext_noop as _

# Fewer people than this in a cell could be recognised. Zero counts too: that nobody is there is also told.
THRESHOLD = 10
MOST_ROWS = 200
MOST_IN_A_LIST = 50
WHOLE_FILE = _("the whole file")

COUNTS = (
    "n count counts number total donors patients people persons cases controls positive positives negative "
    "negatives images series studies files rows samples events tp tn fp fn support"
)
RATES = "rate share proportion percent percentage prevalence fraction"
PERSONS = "id uid uuid donor patient person subject name birth birthday dob accession mrn series study file path date"
COUNT_WORDS, RATE_WORDS, PERSON_WORDS = (frozenset(words.split()) for words in (COUNTS, RATES, PERSONS))

# A UID has four parts or more, as a version number has three; one made from a UUID (2.25.) has a long third.
IDENTIFIERS = {
    _("It holds a DICOM identifier (UID)."): re.compile(r"(?<![\d.])(?:2\.25\.\d{6,}|[0-2](?:\.\d+){3,})"),
    _("It holds a registry identifier (UUID)."): re.compile(
        r"(?i)(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    ),
    _("It holds a date."): re.compile(r"(?<!\d)(?:19|20)\d\d([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    _("It holds an e-mail address."): re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    _("It holds a DICOM person name."): re.compile(r"\w\^\w"),
}
GIVEN = _("It holds an identifier that the job was given.")
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
PLAIN_WORD = re.compile(r"[A-Za-z_]{1,40}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def identifiers_in(text: str, known: Collection[str] = ()) -> list[str]:
    """A sentence for each kind of identifier that the text holds, never the values.

    `known` are the very ones that the job was given.
    """
    plain = DIGEST.sub("digest", text)
    found = [sentence for sentence, pattern in IDENTIFIERS.items() if pattern.search(plain)]
    if known and not set(known).isdisjoint(word.rstrip(".") for word in WORD.findall(plain)):
        found.append(GIVEN)
    return found


def words_of(name: str) -> frozenset[str]:
    """The words of a column's or key's name."""
    return frozenset(re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").replace("-", " ").lower().split())


def is_count_name(name: str) -> bool:
    """Whether a name says that its numbers count people or their images."""
    return bool(words_of(name) & COUNT_WORDS)


def is_small(value: Any, threshold: int) -> bool:
    """Whether a number is a count below the threshold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < threshold


def small_counts(data: Any, threshold: int, place: str = "", counting: bool = False) -> Iterator[str]:
    """The places in JSON data where a count is too small; a name that counts holds for everything below it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from small_counts(value, threshold, _below(place, data, key), counting or is_count_name(key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from small_counts(value, threshold, f"{place}[{index}]", counting)
    elif counting and is_small(data, threshold):
        yield place


def long_lists(data: Any, place: str = "") -> Iterator[str]:
    """The places in JSON data where a list is so long that it could hold one entry for each person."""
    if isinstance(data, dict):
        if len(data) > MOST_IN_A_LIST:
            yield place or WHOLE_FILE
        for key, value in data.items():
            yield from long_lists(value, _below(place, data, key))
    elif isinstance(data, list):
        if len(data) > MOST_IN_A_LIST:
            yield place or WHOLE_FILE
        for index, value in enumerate(data):
            yield from long_lists(value, f"{place}[{index}]")


def _below(place: str, data: dict[str, Any], key: str) -> str:
    """Where a key's value lies. A key that is no plain word could be a value in disguise, so it is only numbered."""
    word = key if PLAIN_WORD.fullmatch(key) else f"entry {list(data).index(key) + 1}"
    return f"{place}.{word}" if place else word

"""The tests' own search in a cleaned file, outside its pixel values, by other spellings than the engine's gate has."""

from collections.abc import Iterable
from typing import NamedTuple

from curation.deid.files.charsets import walk
from curation.deid.files.container import read_container
from curation.deid.files.representations import FREE_TEXT
from curation.deid.files.write import IMPLEMENTATION_NAME
from curation.deid.reading.parse import PIXEL_TAGS, Parser
from curation.deid.reasons import Refused
from curation.deid.standard.claims import BASIC, METHOD_TEXT, OPTION_CODES
from curation.deid.texts.written_dates import dates_in
from curation.deid.values.terms import STRUCTURAL

from .needles import Needle, day_of, needles

_READ_BY_PEOPLE = FREE_TEXT | {"AE", "AS", "CS", "DA", "DT", "PN", "UR", "UN"}
# Someone may be called Iso or Look: these values come from closed lists and are checked by the engine.
_CLOSED_LISTS = STRUCTURAL | {0x00080005}
_CLAIMS = (code[1].encode() for code in (BASIC, *OPTION_CODES.values()))
_OURS = (METHOD_TEXT, b"MODIFIED", b"UNMODIFIED", *_CLAIMS, IMPLEMENTATION_NAME)
_WORD_BYTES = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz")


class Haystack(NamedTuple):
    """Where to look, in lower case: everything but pixels, and of that only what people read as text."""

    everything: bytes
    text: bytes


def residual_search(data: bytes, values: Iterable[str | bytes]) -> list[int]:
    """The indexes of the values that still occur in a file outside its pixel values.

    A value is looked for whole and in its parts where it is a name; a date in ten spellings, and in texts in any;
    text in any letter case and in every character set that DICOM knows. Words of fewer than three letters, but for
    parts of names, and numbers of fewer than four digits are not looked for; short ones are looked for as whole words
    and only in text. Bytes that are not a readable file are searched as they are.
    """
    haystack = haystack_of(data)
    days = dates_in(haystack.text.decode("latin-1"))
    return [
        index
        for index, value in enumerate(values)
        if any(occurs(needle, haystack) for needle in needles(value)) or day_of(value) in days
    ]


def haystack_of(data: bytes) -> Haystack:
    """What a file holds outside its pixel values and outside the engine's own words."""
    try:
        container = read_container(data)
        parser = Parser(container.data)
        dataset = parser.root(container.start, container.encoding)
    except Refused:
        return Haystack(data.lower(), data.lower())
    content, at = container.data, container.start
    pieces = [data[:at]] if content is data else [data[:1024]]
    for tag, start, stop in parser.bulk_spans:
        if tag in PIXEL_TAGS:
            pieces.append(bytes(content[at:start]))
            at = stop
    everything = b"\0".join([*pieces, bytes(content[at:])])
    read_by_people = (e for e, _ in walk(dataset) if e.vr in _READ_BY_PEOPLE and e.tag not in _CLOSED_LISTS)
    text = b"\n".join(bytes(element.value) for element in read_by_people)
    return Haystack(_without_ours(everything), _without_ours(text))


def _without_ours(content: bytes) -> bytes:
    for words in _OURS:
        content = content.replace(words, b"\0")
    return content.lower()


def occurs(needle: Needle, haystack: Haystack) -> bool:
    """Whether a needle stands in the haystack, as a whole word where it has to."""
    within = haystack.text if needle.text_only else haystack.everything
    at = within.find(needle.value)
    while at >= 0:
        if not needle.whole or _stands_alone(within, at, at + len(needle.value), needle):
            return True
        at = within.find(needle.value, at + 1)
    return False


def _stands_alone(within: bytes, start: int, stop: int, needle: Needle) -> bool:
    """Whether no letter or digit touches it; after a date the digits of a time may follow, as in DT values."""
    if start and within[start - 1] in _WORD_BYTES:
        return False
    if needle.date:
        digits = 0
        while digits < 7 and within[stop : stop + 1].isdigit():
            digits, stop = digits + 1, stop + 1
        return digits in (0, 2, 4, 6)
    return stop >= len(within) or within[stop] not in _WORD_BYTES

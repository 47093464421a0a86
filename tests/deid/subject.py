"""Gathers what a file says about who it is of: names, numbers, dates and UIDs, at every depth, in every spelling."""

from curation.deid.files.charsets import decoded, walk
from curation.deid.files.container import read_container
from curation.deid.files.tree import Dataset
from curation.deid.reading.answers import Unreadable
from curation.deid.reading.parse import Parser
from curation.deid.reasons import Refused
from curation.deid.texts.facts import BIRTH_DATE, NUMBERS

DATES = frozenset({0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00080024, 0x00080025, 0x00400244})
UIDS = frozenset({0x00080018, 0x0020000D, 0x0020000E, 0x00200052, 0x00081155})
_SEARCHED = NUMBERS | DATES | UIDS | {BIRTH_DATE}


def subject_values(data: bytes) -> list[str]:
    """The identifying values of a file, for a residual search in what was made of it; raises Unreadable.

    Names of everyone, numbers of patient, visit, institution and device, birth and study dates, and the file's UIDs.
    Personal; never logged.
    """
    try:
        container = read_container(data)
        dataset = Parser(container.data).root(container.start, container.encoding)
    except Refused as refused:
        raise Unreadable(refused.reason, refused.sentence) from None
    return values_of(dataset)


def values_of(dataset: Dataset) -> list[str]:
    """The identifying values of a parsed file, each once, in the order in which they occur."""
    found: dict[str, None] = {}
    for element, encodings in walk(dataset):
        if element.vr == "PN" or element.tag in _SEARCHED:
            for value in decoded(element, encodings).split("\\"):
                if value.strip(" \0^="):
                    found.setdefault(value.strip(" \0"))
    return list(found)

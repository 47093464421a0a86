"""Says for each element of a file what would happen to it and by which rule, without writing anything."""

from pydicom.datadict import dictionary_description

from .clean import Step
from .container import read_container
from .engine import prepare
from .keys import SubjectKey
from .parse import Parser
from .reasons import Refused
from .results import Unreadable


def explain(data: bytes, *, key: SubjectKey) -> list[Step]:
    """One step an element, in the order of the file; elements inside a removed sequence go with it, unlisted.

    Holds no values. Raises Unreadable where the file would be quarantined.
    """
    try:
        container = read_container(data)
        dataset = Parser(container.data).root(container.start, container.encoding)
        _, cleaner = prepare(dataset, container, key)
        cleaner.steps = []
        cleaner.dataset(dataset)
    except Refused as refused:
        raise Unreadable(refused.reason, refused.sentence) from None
    return [
        Step(_path((*path, element.tag)), _name(element.tag), decision.action.value, decision.rule)
        for path, element, decision in cleaner.steps
    ]


def _path(tags: tuple[int, ...]) -> str:
    return ".".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in tags)


def _name(tag: int) -> str:
    if tag >> 16 & 1:
        return "Private"
    try:
        return dictionary_description(tag)
    except KeyError:
        return "Unknown"

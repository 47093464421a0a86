"""Cleans trees of content items for tests, with a vocabulary of two words, and reads what is left of them."""

from collections import Counter
from collections.abc import Mapping

from pydicom.dataset import Dataset

from curation.deid.actions import Action
from curation.deid.content.trees import Tools, Where, clean_content
from curation.deid.decide import Decision
from curation.deid.files.tree import Dataset as Tree
from curation.deid.files.tree import Element, find, text_of
from curation.deid.values import dates, pseudonyms
from curation.deid.values.dummies import dummy
from curation.deid.values.keys import SubjectKey

from .reports import tree

KEY = SubjectKey(b"k" * 32)
RESEARCH = frozenset(
    {"clean_descriptors", "clean_structured_content", "clean_graphics"}
    | {"retain_patient_characteristics", "retain_long_modified_dates", "retain_safe_private"}
)
BASIC: frozenset[str] = frozenset()
CONTENT = 0x0040A730
KNOWN_WORDS = frozenset({b"Liver", b"Mass"})
Seen = Counter[str]


def tools(options: frozenset[str] = RESEARCH, seen: Seen | None = None, little: bool = True) -> Tools:
    """What the engine gives to the walk, with a vocabulary of two words."""

    def walk(elements: Tree, where: Where, made: Mapping[int, Decision]) -> Tree:
        kept = []
        for element in elements:
            decision = made.get(element.tag)
            if decision is not None and seen is not None:
                seen[decision.rule] += 1
            new = element if decision is None else changed(element, decision)
            if new is not None:
                kept.append(new)
        return kept

    return Tools(walk, options, little)


def changed(element: Element, decision: Decision) -> Element | None:
    """One value changed as its decision says."""
    old = element.text().strip()
    days = dates.days_back(KEY)
    new: bytes | None
    match decision.action:
        case Action.KEEP:
            return element
        case Action.TEXT:
            new = old if old in KNOWN_WORDS else None
        case Action.DATE:
            new = (dates.shifted_date if decision.vr == "DA" else dates.shifted_datetime)(old, days)
        case Action.TIME:
            new = old if dates.is_time(old) else None
        case Action.UID:
            new = pseudonyms.keyed_uid(KEY, old)
        case Action.PSEUDONYM:
            new = pseudonyms.pseudonym(KEY)
        case Action.DUMMY:
            new = dummy(decision.vr)
        case _:
            return None
    if new is None:
        return None if decision.fallback is Action.REMOVE else Element(element.tag, decision.vr, dummy(decision.vr))
    return Element(element.tag, decision.vr, new)


def cleaned(*items: Dataset, options: frozenset[str] = RESEARCH, seen: Seen | None = None) -> list[Tree]:
    """The content items after cleaning."""
    return clean_content(tree(*items), CONTENT, tools(options, seen))


def values(items: list[Tree], tag: int = 0x0040A160) -> list[str]:
    """The values of one attribute over the whole tree, in its order."""
    found = []
    for item in items:
        found += [text_of([element], tag) for element in item if element.tag == tag]
        below = find(item, CONTENT)
        found += values(below.items or [], tag) if below is not None else []
    return found


def references(items: list[Tree]) -> list[tuple[int, ...]]:
    """The positions that items of the tree refer to."""
    found = []
    for item in items:
        element, below = find(item, 0x0040DB73), find(item, CONTENT)
        if element is not None:
            raw = bytes(element.value)
            found.append(tuple(int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)))
        found += references(below.items or []) if below is not None else []
    return found


def at(items: list[Tree], place: tuple[int, ...]) -> Tree:
    """The item at a position; the root is 1."""
    for number in place[1:]:
        item = items[number - 1]
        below = find(item, CONTENT)
        items = below.items or [] if below is not None else []
    return item

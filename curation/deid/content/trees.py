"""Cleans content trees (PS3.3 section C.17.3): each item by its concept, the tree and its inner references kept valid.

A content item goes with everything below it. Items that others refer to by their position get a dummy rather than go;
where positions change, the references are written anew.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct
from typing import NamedTuple, TypeAlias

from ..actions import Action
from ..decide import Decision
from ..files.tree import Dataset, Element, find, text_of
from ..limits import MAX_DEPTH
from ..reasons import Refused
from ..standard.rules import TYPES
from .concepts import Treatment, rule_for
from .values import (
    CONTENT_SEQUENCE,
    REFERENCED_ITEM,
    STRAYS,
    VALUE_TYPE,
    concept_of,
    decisions_for,
    value_type,
    with_capped_age,
)

_CHARACTER_SET, _RELATIONSHIP = 0x00080005, 0x0040A010
#: The sequences whose items have a value type (PS3.3): content items of reports, contexts, protocols, specimens.
CONTENT_SEQUENCES = frozenset(
    int(key[:8], 16) for key in TYPES["any_iod"] if int(key[9:], 16) == VALUE_TYPE and int(key[:8], 16)
)
# Coordinates mean nothing without the image or waveform that they were selected from.
_SELECTED_FROM = "SELECTED FROM"

Place: TypeAlias = tuple[int, ...]
_ROOT: Place = (1,)


class Where(NamedTuple):
    """Where an item stands: the tags of the sequences around it from the outermost content sequence on.

    `charset`: the Specific Character Set of the nearest item of the tree around it that has one.
    """

    path: tuple[int, ...]
    charset: Element | None


@dataclass(frozen=True, slots=True)
class Tools:
    """What the walk over a content tree needs from the engine.

    `walk(elements, where, decisions)`: cleans an item's elements, those in `decisions` as it says, the others as
    anywhere. `options`: the profile's. `little`: the order of bytes in which numbers are written.
    """

    walk: Callable[[Dataset, Where, Mapping[int, Decision]], Dataset]
    options: frozenset[str]
    little: bool


@dataclass(slots=True)
class _Node:
    """One content item: its place in the source's tree, and what is left of it (None: nothing)."""

    place: Place
    left: Dataset | None
    target: Place | None = None
    children: "list[_Node]" = field(default_factory=list)


def holds_content(tag: int, items: list[Dataset]) -> bool:
    """Whether a sequence holds content items: one that PS3.3 says does, or whose first item has a value type."""
    if tag in CONTENT_SEQUENCES:
        return True
    for element in items[0] if items else ():
        if element.tag >= VALUE_TYPE:
            return element.tag == VALUE_TYPE
    return False


def clean_content(items: list[Dataset], tag: int, tools: Tools) -> list[Dataset]:
    """The cleaned items of a sequence of content items, `tag` being the sequence's. Raises Refused (too_deep).

    Positions are counted as in PS3.3 section C.17.3.2.5: the root is 1, its first item 1.1.
    """
    tree = _Tree(tools, frozenset(_targets(items, tools.little)))
    nodes = tree.nodes(items, _ROOT, Where((tag,), None))
    alive = {_ROOT}
    _find_alive(nodes, alive)
    placed = {_ROOT: _ROOT}
    _number(nodes, _ROOT, alive, placed)
    return _written(nodes, placed, tools.little)


class _Tree:
    """Cleans the items of one tree; `needed` are the places that others refer to."""

    def __init__(self, tools: Tools, needed: frozenset[Place]) -> None:
        self.tools = tools
        self.needed = needed

    def nodes(self, items: list[Dataset], above: Place, where: Where) -> list[_Node]:
        """A node for each item, in the order of the source."""
        if len(where.path) > MAX_DEPTH:
            raise Refused("too_deep")
        return [self.node(item, (*above, number), where) for number, item in enumerate(items, 1)]

    def node(self, item: Dataset, place: Place, where: Where) -> _Node:
        """One item cleaned, and those below it."""
        reference = find(item, REFERENCED_ITEM)
        if reference is not None and find(item, VALUE_TYPE) is None:
            return _Node(place, self.tools.walk(_own(item), where, STRAYS), _target(reference, self.tools.little))
        below = find(item, CONTENT_SEQUENCE)
        deeper = below.items if below is not None and below.items else []
        node = _Node(place, self.item(item, place, where, bool(deeper)))
        if node.left is not None:
            charset = find(item, _CHARACTER_SET) or where.charset
            node.children = self.nodes(deeper, place, Where((*where.path, CONTENT_SEQUENCE), charset))
        return node

    def item(self, item: Dataset, place: Place, where: Where, parent: bool) -> Dataset | None:
        """What is left of one item without those below it; None where it goes."""
        kind, concept = value_type(item), concept_of(item)
        wanted = place in self.needed or text_of(item, _RELATIONSHIP) == _SELECTED_FROM
        ruling = rule_for(concept, kind, self.tools.options)
        ruling = ruling._replace(treatment=_valid(ruling.treatment, kind, wanted))
        decisions = decisions_for(item, kind, concept, ruling, parent or wanted or not ruling.may_go)
        if ruling.treatment is Treatment.REMOVE:
            self.tools.walk([find(item, tag) or Element(tag, "CS") for tag in decisions], where, decisions)
            return None
        left = self.tools.walk(_own(item), where, decisions)
        lost = any(find(item, tag) and not find(left, tag) for tag, made in decisions.items() if _stays(made))
        return None if lost else with_capped_age(left) if kind == "NUM" else left


def _own(item: Dataset) -> Dataset:
    """An item's elements without those below it and without what it refers to."""
    return [element for element in item if element.tag not in (CONTENT_SEQUENCE, REFERENCED_ITEM)]


def _stays(decision: Decision) -> bool:
    return decision.action is not Action.REMOVE


def _valid(treatment: Treatment, kind: str, wanted: bool) -> Treatment:
    """The treatment that leaves a valid tree: what others refer to gets a dummy; a number has none."""
    if treatment is Treatment.REMOVE and wanted and kind not in ("", "NUM", "CODE", "CONTAINER"):
        return Treatment.DUMMY
    return Treatment.REMOVE if treatment is Treatment.DUMMY and kind == "NUM" else treatment


def _find_alive(nodes: list[_Node], alive: set[Place]) -> None:
    """Adds the places of the items that are left and that can be referred to."""
    for node in nodes:
        if node.left is not None and node.target is None:
            alive.add(node.place)
            _find_alive(node.children, alive)


def _number(nodes: list[_Node], above: Place, alive: set[Place], placed: dict[Place, Place]) -> None:
    """Gives each item that is left its new position; a by-reference item stays where its target does."""
    number = 0
    for node in nodes:
        if node.target is not None and node.target not in alive:
            node.left = None
        if node.left is not None:
            number += 1
            placed[node.place] = (*above, number)
            _number(node.children, (*above, number), alive, placed)


def _written(nodes: list[_Node], placed: dict[Place, Place], little: bool) -> list[Dataset]:
    """The items that are left as data sets in tag order."""
    items = []
    for node in nodes:
        if node.left is None:
            continue
        item = list(node.left)
        if node.target is not None:
            item.append(_reference(placed[node.target], little))
        children = _written(node.children, placed, little)
        if children:
            item.append(Element(CONTENT_SEQUENCE, "SQ", items=children))
        items.append(sorted(item, key=lambda element: element.tag))
    return items


def _reference(place: Place, little: bool) -> Element:
    form = Struct(f"{'<' if little else '>'}{len(place)}L")
    return Element(REFERENCED_ITEM, "UL", form.pack(*place))


def _targets(items: list[Dataset], little: bool, depth: int = 0) -> Iterator[Place]:
    """Every position that an item of the tree refers to."""
    if depth > MAX_DEPTH:
        raise Refused("too_deep")
    for item in items:
        for element in item:
            if element.tag == REFERENCED_ITEM:
                yield _target(element, little)
            elif element.tag == CONTENT_SEQUENCE and element.items:
                yield from _targets(element.items, little, depth + 1)


def _target(element: Element, little: bool) -> Place:
    """The position that a by-reference relationship names; one that no tree has where it cannot be read."""
    raw = bytes(element.value)
    if element.items is not None or not raw or len(raw) % 4 or len(raw) > 4 * (MAX_DEPTH + 2):
        return ()
    return Struct(f"{'<' if little else '>'}{len(raw) // 4}L").unpack(raw)

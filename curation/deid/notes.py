"""What was done to some elements: counted by rule, with what was replaced, for the gates that follow."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from .decide import Decision
from .tree import Element


class Step(NamedTuple):
    """One line of an explanation: where the element stands, its name, what is done and by which rule."""

    path: str
    name: str
    action: str
    rule: str


@dataclass(slots=True)
class Notes:
    """What was done to some elements, and what of theirs must be found nowhere in the result.

    `decisions` counts the elements by rule id, `options` are those of the profile that made a difference.
    `removed`: values that were replaced; `written`: what was written in their place.
    """

    decisions: Counter[str] = field(default_factory=Counter)
    options: frozenset[str] = frozenset()
    warnings: int = 0
    uids: dict[bytes, bytes] = field(default_factory=dict)
    dates: dict[bytes, bytes] = field(default_factory=dict)
    texts: set[tuple[int, bytes]] = field(default_factory=set)
    steps: list[tuple[tuple[int, ...], Element, Decision]] | None = None

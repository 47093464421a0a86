"""What was done to some elements: counted by rule, with what was replaced, for the gates that follow."""

from collections import Counter
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from .decide import Decision
from .files.tree import Element


class Step(NamedTuple):
    """One line of an explanation: where the element stands, its name, what is done and by which rule."""

    path: str
    name: str
    action: str
    rule: str


Taken: TypeAlias = tuple[tuple[int, ...], Element, Decision]


class Notes:
    """What was done to some elements, and what of theirs must be found nowhere in the result.

    `decided`: one decision an element. `uids`: the UIDs that were replaced, each with the new one, or removed, with
    nothing. `texts`: the free texts of which something stays, by tag. `steps`, where asked for: where each element
    stood, itself and its decision.
    """

    __slots__ = ("__dict__", "decided", "steps", "texts", "uids", "warnings")

    def __init__(self, *, warnings: int = 0, steps: list[Taken] | None = None) -> None:
        self.decided: list[Decision] = []
        self.warnings = warnings
        self.uids: dict[bytes, bytes] = {}
        self.texts: set[tuple[int, bytes]] = set()
        self.steps = steps

    @cached_property
    def decisions(self) -> Counter[str]:
        """How many elements each rule decided, by rule id."""
        return Counter(decision.rule for decision in self.decided)

    @cached_property
    def options(self) -> frozenset[str]:
        """The profile's options that made a difference."""
        return options_of(self.decided)


def options_of(decided: list[Decision]) -> frozenset[str]:
    """The profile's options that made a difference to some decisions."""
    if len(decided) == 1:
        return _alone(decided[0].option)
    return frozenset([decision.option for decision in decided if decision.option])


@lru_cache(maxsize=64)
def _alone(option: str) -> frozenset[str]:
    return frozenset({option} if option else ())

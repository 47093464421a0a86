"""What was done to some elements: counted by rule, with what was replaced, for the gates that follow."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from types import MappingProxyType
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
# Most parts of a file hold neither: these stand for what they would have to hold.
_NO_UIDS: Mapping[bytes, bytes] = MappingProxyType({})
_NO_TEXTS: AbstractSet[tuple[int, bytes]] = frozenset()


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
        self.uids: Mapping[bytes, bytes] = _NO_UIDS
        self.texts: AbstractSet[tuple[int, bytes]] = _NO_TEXTS
        self.steps = steps

    def replaced(self, uid: bytes, new: bytes) -> None:
        """Notes a UID that was replaced, or that was removed and has nothing for a new one."""
        uids = self.uids if isinstance(self.uids, dict) else {}
        uids[uid] = new or uids.get(uid, new)
        self.uids = uids

    def stays(self, tag: int, text: bytes) -> None:
        """Notes a free text of which something stays."""
        texts = self.texts if isinstance(self.texts, set) else set()
        texts.add((tag, text))
        self.texts = texts

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

"""What was done to each element of a file, as tag paths and rule ids: written once for what repeats."""

from collections.abc import Sequence
from functools import cached_property

from ..clean import Cleaner
from ..context import Context
from ..decide import Decision
from ..engine import Deidentifier, Source
from ..notes import Notes
from ..tree import Element

Step = tuple[tuple[int, ...], Element, Decision]


class Places(list[Step]):
    """Takes the steps of a cleaning and keeps where each rule was applied, once however often it occurs there."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[tuple[tuple[int, ...], int, str], None] = {}

    def append(self, step: Step) -> None:
        """Keeps tags and rule alone; the items of a sequence stand at one place."""
        path, element, decision = step
        self._found[path, element.tag, decision.rule] = None

    @cached_property
    def text(self) -> str:
        """Objects with `path` and `rule` as JSON, separated by commas; asked for when nothing more is appended."""
        return ", ".join(
            f'{{"path": "{path_text((*path, tag))}", "rule": "{rule}"}}' for path, tag, rule in self._found
        )


class _Noting(Cleaner):
    """A cleaner whose notes have places."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "notes" and isinstance(value, Notes):
            value.steps = Places()
        super().__setattr__(name, value)

    def root_element(self, element: Element) -> Element | None:
        """An element that is cleaned alone, whose decision is the first of its notes."""
        cleaned = super().root_element(element)
        if self.notes.steps is not None:
            self.notes.steps.append(((), element, self.notes.decided[0]))
        return cleaned


class Noted(Deidentifier):
    """A de-identifier whose results tell of each element; see `Deidentifier`."""

    def context(self, source: Source, sop_class: str) -> Context:
        """The context, whose cleaner notes places: the same one, since parts of it hold on to it already."""
        found = super().context(source, sop_class)
        found.cleaner.__class__ = _Noting
        return found


def actions_text(notes: Sequence[Notes]) -> str:
    """A JSON array of what was done to a file's elements, in the order of the root elements."""
    parts = (each.steps.text for each in notes if isinstance(each.steps, Places))
    return f"[{', '.join(filter(None, parts))}]"


def path_text(tags: Sequence[int]) -> str:
    """A place in a data set, such as (0008,1140).(0008,1155)."""
    return ".".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in tags)

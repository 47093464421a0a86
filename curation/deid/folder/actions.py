"""What was done to each element of a file, as tag paths and rule ids: written once for what repeats."""

from collections.abc import Sequence
from functools import cached_property

from ..notes import Notes, Taken


class Places(list[Taken]):
    """Takes the steps of a cleaning and keeps where each rule was applied, once however often it occurs there."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[tuple[tuple[int, ...], int, str], None] = {}

    def append(self, step: Taken) -> None:
        """Keeps tags and rule alone; the items of a sequence stand at one place."""
        path, element, decision = step
        self._found[path, element.tag, decision.rule] = None

    @cached_property
    def text(self) -> str:
        """Objects with `path` and `rule` as JSON, separated by commas; asked for when nothing more is appended."""
        return ", ".join(
            f'{{"path": "{path_text((*path, tag))}", "rule": "{rule}"}}' for path, tag, rule in self._found
        )


def placed() -> Notes:
    """Notes that keep places."""
    return Notes(steps=Places())


def actions_text(notes: Sequence[Notes]) -> str:
    """A JSON array of what was done to a file's elements, in the order of the root elements."""
    parts = (each.steps.text for each in notes if isinstance(each.steps, Places))
    return f"[{', '.join(filter(None, parts))}]"


def path_text(tags: Sequence[int]) -> str:
    """A place in a data set, such as (0008,1140).(0008,1155)."""
    return ".".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in tags)

"""What was computed over donors' images and what came of it, told by the apps above; each registers what it knows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class RunState(StrEnum):
    """How far it came, as a donor is told."""

    PREPARED = "prepared"  # the images were chosen; nothing has read them yet
    RUNNING = "running"
    ENDED = "ended"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True)
class Result:
    """Something that came out and was let go. `is_stopped`: it is given out no more."""

    title: str
    at: datetime
    is_stopped: bool = False


@dataclass(frozen=True)
class Run:
    """One computation under one grant. `scans`: keys of the donor's scans that it was given; `at`: when it ran last."""

    id: UUID
    grant_id: UUID
    title: str
    state: RunState
    at: datetime | None
    results: tuple[Result, ...]
    scans: frozenset[str]

    @property
    def is_use(self) -> bool:
        """Whether the images were read, and not only chosen to be."""
        return self.at is not None


#: (donor_id, images, keys) -> runs. `images` is the donor's images as a queryset with the key of each one's scan
#: (`scan`); runs over none of the scans in `keys` are left out.
Tell = Callable[[UUID, Any, list[str]], Iterable[Run]]
RUNS: dict[str, Tell] = {}


def register(code: str, tell: Tell) -> None:
    """Adds what one app knows; registering it again replaces it."""
    RUNS[code] = tell


def runs_over(donor_id: UUID, images: Any, keys: list[str]) -> list[Run]:
    """Everything that was computed over these scans, the newest first; what has not run yet stands before it."""
    found = [run for tell in RUNS.values() for run in tell(donor_id, images, keys)]
    ran = sorted((run for run in found if run.at), key=lambda run: str(run.at), reverse=True)
    return [run for run in found if not run.at] + ran

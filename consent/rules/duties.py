"""The duties that a withdrawal sets off; each app registers its own at start, so that no list can miss one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.actors import Actor

Proof = dict[str, Any]
#: (donor_id, withdrawal_id, by) -> proof: codes, counts and digests that show that the duty is done.
Run = Callable[[UUID, UUID, Actor], Proof]


class NotYet(Exception):
    """A duty waits for something (a code such as `version_freezing`); it is tried again soon and has not failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Duty:
    """One step of every withdrawal. `run` is idempotent; `last` duties wait until all others are done.

    `title` is what the donor reads; `owner` the app that answers for it; `days` how long it may take.
    """

    code: str
    title: str
    owner: str
    position: int
    run: Run
    days: int = 2
    last: bool = False


DUTIES: dict[str, Duty] = {}


def register(duty: Duty) -> Duty:
    """Adds a duty; registering it again (under the same code) replaces it."""
    DUTIES[duty.code] = duty
    return duty


def in_order() -> list[Duty]:
    """All duties by position."""
    return sorted(DUTIES.values(), key=lambda duty: (duty.position, duty.code))

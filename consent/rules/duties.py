"""The duties that a withdrawal sets off; each app registers its own at start, so that no list can miss one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.rules.withdrawing import LEAVING, WithdrawalKind
from core.actors import Actor

Proof = dict[str, Any]
#: (donor_id, withdrawal_id, by) -> proof: codes, counts and digests that show that the duty is done.
Run = Callable[[UUID, UUID, Actor], Proof]


class NotYet(Exception):
    """A duty waits for something (a code such as `version_freezing`); it is tried again and has not failed.

    `until`: when that will be there at the latest, where it is known; nobody looks more often than they must.
    """

    def __init__(self, code: str, until: datetime | None = None) -> None:
        super().__init__(code)
        self.code, self.until = code, until


@dataclass(frozen=True)
class Duty:
    """One step of every withdrawal of these `kinds`. `run` is idempotent.

    `title` is what the donor reads; `owner` the app that answers for it; `days` how long it may take (a number, or
    what says it for a programme). `proves`: counts that the proof must show, where it names them: a proof that shows
    another is none, and the duty is tried again. `covers`: the stores that it empties or leaves without a donor's data,
    as labels of tables (`app.model`) and zones (`zone:clean`); a test looks that none is missing.

    Duties of a `stage` wait until all of the stages before are done. One that waits for people or for a date is
    `apart`: it waits for no other and none waits for it, so that what can be erased is erased at once.
    """

    code: str
    title: str
    owner: str
    position: int
    run: Run
    days: int | Callable[[UUID], int] = 2
    stage: int = 0
    apart: bool = False
    kinds: frozenset[WithdrawalKind] = LEAVING
    covers: tuple[str, ...] = ()
    proves: Mapping[str, int] = field(default_factory=dict)

    def days_in(self, programme_id: UUID) -> int:
        """How many days it may take in a programme."""
        return self.days(programme_id) if callable(self.days) else self.days

    def is_proved_by(self, proof: Proof) -> bool:
        """Whether the proof says something, and nothing that shows the contrary."""
        return bool(proof) and all(proof.get(key, count) == count for key, count in self.proves.items())


DUTIES: dict[str, Duty] = {}


def register(duty: Duty) -> Duty:
    """Adds a duty; registering it again (under the same code) replaces it."""
    DUTIES[duty.code] = duty
    return duty


def in_order(kind: str) -> list[Duty]:
    """The duties of a withdrawal of this kind, by position."""
    mine = (duty for duty in DUTIES.values() if kind in duty.kinds)
    return sorted(mine, key=lambda duty: (duty.position, duty.code))

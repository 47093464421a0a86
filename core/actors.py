"""Who does a thing: a signed-in user, or a named part of the system. Every action and move takes one as `by`."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anything that can answer for an act; `actor_id` goes into the audit trail and holds no personal value."""

    @property
    def actor_id(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """A part of the system that acts by itself, such as the cleaner or the clock."""

    name: str

    @property
    def actor_id(self) -> str:
        return f"system:{self.name}"

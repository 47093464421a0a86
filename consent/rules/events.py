"""What happened to a consent, and what it therefore said at a moment, by what was known at another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """Kinds of consent events. Only `withdrawn` ends a consent; the others say what holds from then on."""

    SIGNED = "signed"
    CHANGED = "changed"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One event. `effective_at` is when it counts from, `recorded_at` when it became known; both are aware.

    `terms_digest` names the terms that hold from then on; only a withdrawal has none. `signed_on` is the version of the
    form that was signed, where something was.
    """

    kind: EventKind
    terms_digest: str | None
    effective_at: datetime
    recorded_at: datetime
    signed_on: UUID | None = None

    def __post_init__(self) -> None:
        if self.effective_at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("The times of a consent event must have a time zone.")
        if (self.terms_digest is None) != (self.kind is EventKind.WITHDRAWN):
            raise ValueError("A withdrawal names no terms, and every other consent event names its terms.")


def living_at(events: Iterable[ConsentEvent], *, on: datetime, known_at: datetime) -> list[ConsentEvent]:
    """The events of the consent in force at `on`, by what was recorded up to `known_at`; the last decides what it says.

    `events` are one donor's; where `recorded_at` is equal their order counts. Both moments are inclusive.
    The event that took effect last decides; of two at one moment the one recorded later. A withdrawal ends
    all that was recorded before it, and what is entered later but was signed before it; only a new signature, never a
    change, makes a consent again.
    """
    counted = [event for event in events if event.effective_at <= on and event.recorded_at <= known_at]
    counted.sort(key=lambda event: event.recorded_at)
    living: list[ConsentEvent] = []
    ended_at: datetime | None = None
    for event in counted:
        if event.kind is EventKind.WITHDRAWN:
            living.clear()
            ended_at = max(event.effective_at, ended_at or event.effective_at)
        elif (living or event.kind is EventKind.SIGNED) and (ended_at is None or event.effective_at >= ended_at):
            living.append(event)
    living.sort(key=lambda event: event.effective_at)
    return living


def terms_at(events: Iterable[ConsentEvent], *, on: datetime, known_at: datetime) -> str | None:
    """The digest of the terms in force at `on`, by what was recorded up to `known_at`; None for no consent."""
    living = living_at(events, on=on, known_at=known_at)
    return living[-1].terms_digest if living else None

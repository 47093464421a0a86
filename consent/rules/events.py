"""What happened to a consent, and what it therefore said at a moment, by what was known at another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """Kinds of consent events. Only `withdrawn` ends a consent; the others say what holds from then on."""

    SIGNED = "signed"
    CHANGED = "changed"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One event. `effective_at` is when it counts from, `recorded_at` when it became known; both are aware.

    `terms_digest` names the terms that hold from then on; a withdrawal has none, every other kind must have one.
    """

    kind: EventKind
    terms_digest: str | None
    effective_at: datetime
    recorded_at: datetime

    def __post_init__(self) -> None:
        if self.effective_at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("The times of a consent event must have a time zone.")
        if (self.terms_digest is None) != (self.kind is EventKind.WITHDRAWN):
            raise ValueError(
                "Every consent event but a withdrawal names its terms, and a withdrawal names none."
            )


def terms_at(events: Iterable[ConsentEvent], *, on: datetime, known_at: datetime) -> str | None:
    """The digest of the terms in force at `on`, by what had been recorded at `known_at`; None when there were none.

    `events` are one donor's, in the order in which they were recorded. Both moments include themselves: an event
    that takes effect at `on` counts. The latest effective event decides; of several effective at one moment the
    one recorded last; of several recorded at one moment too a withdrawal, then the one that comes last in `events`.
    """
    counted = [event for event in events if event.effective_at <= on and event.recorded_at <= known_at]
    if not counted:
        return None
    places = range(len(counted))
    latest = max(places, key=lambda place: (*_rank(counted[place]), place))
    return counted[latest].terms_digest


def _rank(event: ConsentEvent) -> tuple[datetime, datetime, bool]:
    return event.effective_at, event.recorded_at, event.kind is EventKind.WITHDRAWN

"""The register of kinds of due work and of periodic sweeps; each app's `tasks` adds its own at start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.due.crews import Crew

#: A handler gets the subject's id, does one bounded, idempotent piece of work, and returns when it wants to be
#: called again (a datetime; `timezone.now()` for 'at once, there is more'), or None when nothing is left.
Handler = Callable[[UUID], datetime | None]
Sweep = Callable[[], object]


@dataclass(frozen=True)
class Kind:
    """How one kind of work is done, by whom, and for how long one worker may hold it before another takes over."""

    name: str
    handler: Handler
    longest: timedelta
    crew: Crew = Crew.ANY


@dataclass(frozen=True)
class Periodic:
    """A cheap look at the database that finds what no signal told of."""

    name: str
    sweep: Sweep
    every: timedelta


KINDS: dict[str, Kind] = {}
SWEEPS: dict[str, Periodic] = {}


def kind(name: str, handler: Handler, *, lease_seconds: int = 900, crew: Crew = Crew.ANY) -> Kind:
    """Registers a kind of work under a stable name (it is stored in rows). Registering twice changes nothing.

    `crew` says which workers do it: what reads or writes objects belongs to one that may (core/storage/roles.py).

    A worker renews its lease while the handler runs, for `lease_seconds` at most: a handler that hangs is then taken
    over. A worker that dies renews nothing, so its work is taken over after settings.LEASE_SECONDS.
    """
    KINDS[name] = Kind(name, handler, timedelta(seconds=lease_seconds), crew)
    return KINDS[name]


def names_of(*crews: Crew) -> list[str]:
    """The kinds of work that these crews do."""
    return [each.name for each in KINDS.values() if each.crew in crews]


def sweep(name: str, function: Sweep, *, every_seconds: float = 5) -> None:
    """Registers a periodic sweep; it must be cheap and safe to run twice at once."""
    SWEEPS[name] = Periodic(name, function, timedelta(seconds=every_seconds))

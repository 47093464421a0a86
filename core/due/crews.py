"""Crews of workers: who cleans what came in, and who runs jobs; so that nobody who reads quarantine publishes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kombu import Exchange, Queue


class Crew(StrEnum):
    """Who does a kind of work. ANY is for work that reads no object, or only erases."""

    ANY = "any"
    CLEANING = "cleaning"
    RUNNING = "running"


#: The crews that a process belongs to, by its role (core/storage/roles.py); a web process does no due work.
CREWS: Final[Mapping[str, frozenset[Crew]]] = {
    "all": frozenset(Crew),
    "worker": frozenset(Crew),
    "cleaner": frozenset({Crew.ANY, Crew.CLEANING}),
    "runner": frozenset({Crew.ANY, Crew.RUNNING}),
    "web": frozenset(),
}
#: ANY has Celery's own, to which beat sends its ticks.
_NAMES: Final[Mapping[Crew, str]] = {Crew.ANY: "celery", Crew.CLEANING: "cleaning", Crew.RUNNING: "running"}


def queue_of(crew: Crew) -> Queue:
    """The queue in which a crew's messages wait."""
    name = _NAMES[crew]
    return Queue(name, Exchange(name, type="direct"), routing_key=name)


def queues_of(role: str) -> list[Queue]:
    """What a worker of this role listens to; of any other role, everything."""
    return [queue_of(crew) for crew in Crew if crew in (CREWS[role] or Crew)]

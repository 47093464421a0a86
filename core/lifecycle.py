"""The one door through which a state changes: by compare-and-set, with its event in the same transaction."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from django.db import models, transaction

from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict

#: A mapping's keys are invariant, so a table of one StrEnum is not one of StrEnum: the states' type stays open here.
Transitions = Mapping[Any, frozenset[Any]]


class HasState(Protocol):
    """A row with a `state` column and the table of its allowed moves."""

    TRANSITIONS: ClassVar[Transitions]
    state: str


def allowed(transitions: Transitions, source: str, target: str) -> bool:
    """Whether the table lets `source` become `target`."""
    return any(
        str(target) == str(end) for start, ends in transitions.items() if str(start) == str(source) for end in ends
    )


def move(thing: Any, to: StrEnum, *, by: Actor, why: str = "", **also: Any) -> None:
    """Moves `thing` (a HasState row) to state `to`, writes `also` columns with it, and records the event.

    `UPDATE … WHERE id AND state=from` decides between two who act at once (SQLite ignores SELECT FOR UPDATE).
    `why` is a code such as `withdrawn`, never free text. Raises Conflict when the table forbids the move or when
    the row is no longer in the state that the caller saw.
    """
    source = thing.state
    name = thing._meta.verbose_name
    if not allowed(thing.TRANSITIONS, source, to):
        raise Conflict(f"This {name} is {words(source)}, so it cannot become {words(to)}.", "state")
    with transaction.atomic():
        changed = type(thing)._default_manager.filter(pk=thing.pk, state=source).update(state=to, **also)
        if not changed:
            raise Conflict(f"Someone else has just changed this {name}. Look at it again, then decide.", "changed")
        record(
            f"{thing._meta.label_lower}.{to}",
            thing,
            by=by,
            data={"from": str(source), "to": str(to), "why": why},
        )
    thing.state = str(to)
    for field, value in also.items():
        setattr(thing, field, value)


def hold(thing: Any) -> None:
    """Reads `thing` (a row) anew and keeps others from changing it until the transaction ends.

    So whoever posts a form twice at once finds, the second time, what the first did, and not somebody else's change.
    """
    thing.refresh_from_db(from_queryset=type(thing)._default_manager.select_for_update())


def words(state: str) -> str:
    """A state's name as words."""
    return str(state).replace("_", " ")


def state_field(states: type[StrEnum], initial: StrEnum) -> "models.CharField[str, str]":
    """The column that holds a state; pair it with `state_check` so that the database knows the states too."""
    return models.CharField(
        max_length=40, default=initial.value, choices=[(s.value, words(s)) for s in states], db_index=True
    )


def state_check(states: type[StrEnum], name: str) -> models.CheckConstraint:
    """A check constraint that names the known states."""
    return models.CheckConstraint(condition=models.Q(state__in=[s.value for s in states]), name=name)

"""The one door through which a state changes: by compare-and-set, with its event in the same transaction."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from django.db import models, transaction

from core.actors import Actor
from core.audit.record import record, record_all
from core.errors import Conflict
from core.texts import Filled
from core.texts import gettext_noop as _

#: So many rows are moved by one statement; SQLite takes no more than 32,766 values in one.
MANY = 500
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
    _check(thing, to)
    with transaction.atomic():
        changed = type(thing)._default_manager.filter(pk=thing.pk, state=source).update(state=to, **also)
        if not changed:
            raise _overtaken(thing)
        record(f"{thing._meta.label_lower}.{to}", thing, by=by, data=_facts(source, to, why))
    _note(thing, to, also)


def move_all(things: Sequence[Any], to: StrEnum, *, by: Actor, why: str = "", **also: Any) -> None:
    """Moves many rows of one table as `move` moves one, with the same columns, all of them or none.

    A statement for up to MANY rows that were in the same state, and one for their events. Raises Conflict when the
    table forbids one of the moves, or when one of the rows is no longer in the state that the caller saw.
    """
    for thing in things:
        _check(thing, to)
    with transaction.atomic():
        for source, same in _by_state(things).items():
            for start in range(0, len(same), MANY):
                group = same[start : start + MANY]
                _move_group(group, source, to, also)
                record_all(f"{group[0]._meta.label_lower}.{to}", group, by=by, data=_facts(source, to, why))
    for thing in things:
        _note(thing, to, also)


def _move_group(things: Sequence[Any], source: str, to: StrEnum, also: Mapping[str, Any]) -> None:
    keys = [thing.pk for thing in things]
    found = type(things[0])._default_manager.filter(pk__in=keys, state=source)
    # Locked always in one order, so that two who move the same rows never wait for each other.
    list(found.select_for_update().order_by("pk").values_list("pk"))
    if found.update(state=to, **also) != len(keys):
        raise _overtaken(things[0])


def _by_state(things: Sequence[Any]) -> dict[str, list[Any]]:
    """The things by the states that they were seen in, each list in the order of the keys."""
    found: dict[str, list[Any]] = {}
    for thing in sorted(things, key=lambda thing: thing.pk):
        found.setdefault(thing.state, []).append(thing)
    return dict(sorted(found.items()))


def _check(thing: Any, to: StrEnum) -> None:
    if not allowed(thing.TRANSITIONS, thing.state, to):
        states = {"state": Filled(words(thing.state).capitalize()), "to": Filled(words(to).capitalize())}
        sentence = _("This {thing} is “{state}”, so it cannot become “{to}”.")
        raise Conflict(Filled(sentence, thing=Filled(str(thing._meta.verbose_name)), **states), "state")


def _overtaken(thing: Any) -> Conflict:
    sentence = _("Someone else has just changed this {thing}. Look at it again, then decide.")
    return Conflict(Filled(sentence, thing=Filled(str(thing._meta.verbose_name))), "changed")


def _facts(source: str, to: StrEnum, why: str) -> dict[str, str]:
    """What the event of a move says."""
    return {"from": str(source), "to": str(to), "why": why}


def _note(thing: Any, to: StrEnum, also: Mapping[str, Any]) -> None:
    """The row in memory follows the one in the database."""
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

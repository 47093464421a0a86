"""Rows that go in and move together: as if each had gone alone, and all of them or none."""

import random
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.models import Event
from core.bulk import insert
from core.due.models import DueWork
from core.errors import Conflict
from core.ids import new_id
from core.lifecycle import MANY, move, move_all
from core.storage import work
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from curation.models import Derivation
from tests.factories import curation
from tests.integration.core.processes import together

pytestmark = pytest.mark.django_db(transaction=True)
BY = SystemActor("test")


def objects(programme: Programme, count: int) -> list[StoredObject]:
    things = [StoredObject(zone=Zone.CLEAN, programme_id=programme.pk) for _ in range(count)]
    insert(StoredObject, things)
    return things


def states(things: list[StoredObject]) -> Counter[str]:
    rows = StoredObject.objects.filter(pk__in=[thing.pk for thing in things])
    return Counter(rows.values_list("state", flat=True))


def test_what_goes_in_together_is_what_would_have_gone_in_alone(programme: Programme) -> None:
    """A row with every kind of column: keys, text with signs that COPY must quote, JSON, a time, nothing."""
    made = curation.waiting_series(programme, images=1).derivations.get()
    odd = "tab\t line\n back\\slash \\N 'quote' \u00e9\u4e2d"
    made.pk, made.file_id, made.decisions, made.sop_uid = new_id(), new_id(), {"kept": 3, odd: 1}, odd
    made.output, made.render = objects(programme, 1)[0], None
    again = Derivation(**{f.attname: getattr(made, f.attname) for f in Derivation._meta.concrete_fields})
    insert(Derivation, [made])
    assert not made._state.adding
    stored = Derivation.objects.filter(pk=made.pk).values().get()
    made.delete()
    again.save(force_insert=True)
    assert Derivation.objects.filter(pk=again.pk).values().get() == stored
    assert stored["decisions"] == {"kept": 3, odd: 1}


def test_nothing_goes_in_where_one_row_may_not(programme: Programme) -> None:
    twice = new_id()
    rows = [DueWork(kind="test", subject_id=subject_id) for subject_id in (new_id(), twice, new_id(), twice)]
    with pytest.raises(IntegrityError):
        insert(DueWork, rows)
    assert not DueWork.objects.filter(kind="test").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(StoredObject, [StoredObject(zone="nowhere", programme_id=programme.pk)])
    insert(DueWork, [])


def test_many_move_as_one_would(programme: Programme) -> None:
    first, *rest = objects(programme, MANY + 4)
    at = timezone.now()
    move(first, ObjectState.STORED, by=BY, why="test", stored_at=at)
    move_all(rest, ObjectState.STORED, by=BY, why="test", stored_at=at)
    rows = StoredObject.objects.filter(pk__in=[thing.pk for thing in (first, *rest)])
    assert {(row.state, row.stored_at) for row in (*rows, first, *rest)} == {("stored", at)}
    told = Event.objects.filter(subject_id__in=[thing.pk for thing in (first, *rest)])
    columns = ("programme_id", "actor", "verb", "subject_type", "data")
    assert len(set(told.values_list(*columns))) == 1
    assert told.count() == told.values("subject_id").distinct().count() == MANY + 4


def test_rows_in_several_states_move_where_the_table_lets_each(programme: Programme) -> None:
    things = objects(programme, 4)
    move_all(things[:2], ObjectState.STORED, by=BY)
    move_all(things, ObjectState.ERASED, by=BY)
    assert states(things) == {"erased": 4}
    sources = [event.data for event in Event.objects.filter(verb="storage.storedobject.erased")]
    assert sorted("stored" in data for data in sources) == [False, False, True, True]
    with pytest.raises(Conflict, match="cannot become"):
        move_all([*objects(programme, 1), things[0]], ObjectState.STORED, by=BY)
    move_all([], ObjectState.STORED, by=BY)


def test_where_one_was_changed_meanwhile_none_moves(programme: Programme) -> None:
    things = objects(programme, 5)
    work.erase([StoredObject.objects.get(pk=things[3].pk)], by=BY, why="withdrawal")
    events = Event.objects.count()
    with pytest.raises(Conflict, match="Someone else"):
        move_all(things, ObjectState.STORED, by=BY, stored_at=timezone.now())
    assert (states(things), Event.objects.count()) == ({"reserved": 4, "erased": 1}, events)
    assert {(thing.state, thing.stored_at) for thing in things} == {("reserved", None)}
    with pytest.raises(Conflict, match="Someone else"):
        move_all([things[0], things[0]], ObjectState.STORED, by=BY)


def test_where_their_events_cannot_be_written_none_moves(programme: Programme) -> None:
    things = objects(programme, 3)
    with pytest.raises(ValueError, match="codes"):
        move_all(things, ObjectState.ERASED, by=BY, why="because Jane Doe said so")
    assert states(things) == {"reserved": 3}


def test_of_four_who_move_overlapping_rows_at_once_each_row_moves_once(programme: Programme) -> None:
    things = objects(programme, 40)

    def race(number: int) -> int:
        chance, moved = random.Random(number), 0
        for _ in range(30):
            some = chance.sample(things, 3)
            try:
                move_all(some, [ObjectState.STORED, ObjectState.ERASED][number % 2], by=SystemActor(f"racer{number}"))
            except Conflict:
                continue
            moved += 3
        return moved

    moved = sum(together(race, 4))
    told = Event.objects.filter(subject_id__in=[thing.pk for thing in things])
    assert told.count() == told.values("subject_id").distinct().count() == moved > 0
    assert states(things)["reserved"] == 40 - moved

"""Several processes at one database: nobody is told that it is locked; of those who race, one wins and is recorded."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.models import ChainHead, Event
from core.audit.record import record
from core.audit.work import first_break, seal
from core.due import kinds
from core.due.models import DueWork
from core.due.queue import ask
from core.errors import Conflict
from core.ids import new_id
from core.lifecycle import move
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from tests.integration.core.processes import together

BY = SystemActor("test")
pytestmark = pytest.mark.django_db(transaction=True)


def test_four_processes_with_300_write_transactions_each_all_get_through(programme: Programme) -> None:
    what = kinds.kind("test.load", lambda _: None)
    before = Event.objects.count()

    def load(number: int) -> None:
        for place in range(300):
            with transaction.atomic():
                Event.objects.filter(verb="test.nothing").count()  # reads first, as real acts do
                record("test.load", programme, by=BY, data={"process": number, "place": place})
                ask(what, new_id())

    try:
        together(load, 4)
    finally:
        del kinds.KINDS["test.load"]
    assert Event.objects.count() == before + 1200
    assert DueWork.objects.filter(kind="test.load").count() == 1200


def unsealed(programme: Programme) -> StoredObject:
    """An object without a key, which may be moved alone: with one, its key goes in the same move."""
    return StoredObject.objects.create(zone=Zone.CLEAN, programme_id=programme.pk)


def test_of_four_who_move_a_thing_at_once_one_wins_and_one_event_tells_of_it(programme: Programme) -> None:
    things = [unsealed(programme) for _ in range(60)]
    targets = [ObjectState.STORED, ObjectState.ERASED]

    def race(number: int) -> list[str]:
        won = []
        for thing in things:
            try:
                move(thing, targets[number % 2], by=SystemActor(f"racer{number}"), why="race")
            except Conflict:
                continue
            won.append(f"system:racer{number} {thing.pk}")
        return won

    won = [each for winner in together(race, 4) for each in winner]
    told = Event.objects.filter(subject_id__in=[thing.pk for thing in things])
    assert Counter(won) == Counter(f"{actor} {pk}" for actor, pk in told.values_list("actor", "subject_id"))
    assert len(won) == 60
    states = StoredObject.objects.filter(pk__in=[thing.pk for thing in things]).values_list("state", flat=True)
    assert set(states) <= set(targets)


def test_a_move_whose_event_cannot_be_written_did_not_happen(programme: Programme) -> None:
    thing = unsealed(programme)
    with pytest.raises(ValueError, match="codes"):
        move(thing, ObjectState.ERASED, by=BY, why="because Jane Doe said so", erased_at=timezone.now())
    assert thing.state == ObjectState.RESERVED
    thing.refresh_from_db()
    assert (thing.state, thing.erased_at) == (ObjectState.RESERVED, None)


def test_an_act_that_is_undone_leaves_no_event(programme: Programme) -> None:
    thing = unsealed(programme)
    with transaction.atomic():
        move(thing, ObjectState.ERASED, by=BY, erased_at=timezone.now())
        transaction.set_rollback(True)
    assert not Event.objects.filter(subject_id=thing.pk).exists()


def test_sealers_at_work_together_while_others_write_make_one_whole_chain(programme: Programme) -> None:
    def act(number: int) -> int:
        if number < 2:
            for place in range(200):
                record("test.done", programme, by=BY, data={"process": number, "place": place})
            return 0
        return sum(seal(limit=7) for _ in range(100))

    sealed = sum(together(act, 4))
    while more := seal():
        sealed += more
    sequences = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, Event.objects.count() + 1))
    assert sealed == len(sequences) == ChainHead.objects.get().sequence
    assert first_break() is None

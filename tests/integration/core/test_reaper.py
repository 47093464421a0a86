"""What died half way is erased: reservations nobody finished, bytes that came too late, bytes that no row names."""

from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.due.kinds import SWEEPS
from core.ids import new_id
from core.storage import work
from core.storage.check import compare
from core.storage.models import StoredObject
from core.storage.reap import LATE, UNFINISHED, reap
from core.storage.store import store
from core.storage.zones import ObjectState, Zone

BY = SystemActor("test")
BIT = timedelta(minutes=1)


def reserved(programme: Programme, age: timedelta) -> StoredObject:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id())
    StoredObject.objects.filter(pk=thing.pk).update(created_at=timezone.now() - age)
    return thing


def test_the_reaper_is_swept() -> None:
    assert SWEEPS["storage.reap"].sweep is reap


def test_a_reservation_that_nobody_finished_is_erased_with_its_bytes_and_a_younger_one_is_not(
    programme: Programme,
) -> None:
    old, young = reserved(programme, UNFINISHED + BIT), reserved(programme, UNFINISHED - BIT)
    for thing in (old, young):
        store().put(Zone.CLEAN, thing.key, BytesIO(b"half"))
    assert reap() == 1
    assert reap() == 0
    for thing in (old, young):
        thing.refresh_from_db()
    assert (old.state, young.state) == (ObjectState.ERASED, ObjectState.RESERVED)
    assert not store().exists(Zone.CLEAN, old.key)
    assert store().exists(Zone.CLEAN, young.key)


def test_bytes_of_a_writer_that_died_after_the_erasure_do_not_stay(programme: Programme) -> None:
    thing = reserved(programme, BIT)
    work.erase([thing], by=BY, why="withdrawal")
    store().put(Zone.CLEAN, thing.key, BytesIO(b"late"))
    assert reap() == 1
    assert not store().exists(Zone.CLEAN, thing.key)
    StoredObject.objects.filter(pk=thing.pk).update(erased_at=timezone.now() - LATE - BIT)
    assert reap() == 0


def test_each_that_was_erased_unwritten_is_looked_at_in_its_turn(programme: Programme) -> None:
    things = [reserved(programme, BIT) for _ in range(5)]
    work.erase(things, by=BY, why="withdrawal")
    store().put(Zone.CLEAN, things[0].key, BytesIO(b"late"))
    store().put(Zone.CLEAN, things[-1].key, BytesIO(b"late"))
    assert sum(reap(limit=2) for _ in range(3)) == 2
    assert not any(store().exists(Zone.CLEAN, thing.key) for thing in things)
    store().put(Zone.CLEAN, things[0].key, BytesIO(b"later still"))
    assert sum(reap(limit=2) for _ in range(3)) == 1


def test_another_process_goes_on_where_the_last_one_stopped(programme: Programme) -> None:
    things = sorted((reserved(programme, BIT) for _ in range(3)), key=lambda thing: thing.pk)
    work.erase(things, by=BY, why="withdrawal")
    reap(limit=2)
    cache.clear()  # what a process keeps for itself is gone
    store().put(Zone.CLEAN, things[2].key, BytesIO(b"late"))
    assert reap(limit=2) == 1


def test_the_check_finds_what_does_not_agree_and_erases_on_demand(programme: Programme, empty_store: None) -> None:
    before = compare(Zone.CLEAN)
    good, gone, erased = (reserved(programme, BIT) for _ in range(3))
    for thing in (good, gone, erased):
        work.write(thing, b"pixels", by=BY)
    work.erase([erased], by=BY, why="withdrawal")
    stray = str(new_id())
    for key in (stray, erased.key, "not-one-of-ours"):
        store().put(Zone.CLEAN, key, BytesIO(b"stray"))
    store().delete(Zone.CLEAN, gone.key)
    under_way = reserved(programme, BIT)
    store().put(Zone.CLEAN, under_way.key, BytesIO(b"half"))
    found = compare(Zone.CLEAN)
    assert set(found.orphans) - set(before.orphans) == {stray, erased.key, "not-one-of-ours"}
    assert set(found.missing) == {gone.key}
    said = StringIO()
    with pytest.raises(CommandError, match="do not agree"):
        call_command("check_store", stdout=said)
    assert stray in said.getvalue()
    with pytest.raises(CommandError, match=r"^1 objects"):
        call_command("check_store", "--erase", stdout=said)
    assert compare(Zone.CLEAN).orphans == []
    assert work.read(good) == b"pixels"
    assert store().exists(Zone.CLEAN, under_way.key)

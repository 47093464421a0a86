"""Stored bytes are read again in turn; what is damaged or gone is marked and told, what is being erased is not."""

from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.actors import SystemActor
from core.due.run import drain
from core.ids import new_id
from core.notifications.models import Notice
from core.storage import whole, work
from core.storage.interface import StoreUnreachable
from core.storage.models import StoredObject
from core.storage.store import NoSuchObject, store
from core.storage.whole import AGAIN, DOUBT
from core.storage.zones import Damage, ObjectState, Zone
from tests.factories import core as make

BY = SystemActor("test")
BIT = timedelta(minutes=1)


@pytest.fixture
def steward(programme: Programme) -> Any:
    return make.user(programme, Role.STEWARD)


def stored(programme: Programme, data: bytes = b"pixels", age: timedelta = AGAIN + BIT) -> StoredObject:
    thing = work.write(work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id()), data, by=BY)
    return aged(thing, age)


def aged(thing: StoredObject, age: timedelta) -> StoredObject:
    StoredObject.objects.filter(pk=thing.pk).update(checked_at=timezone.now() - age)
    thing.refresh_from_db()
    return thing


def spoil(thing: StoredObject) -> None:
    store().replace(Zone.CLEAN, thing.key, BytesIO(b"others"))


def lose(thing: StoredObject) -> None:
    store().delete(Zone.CLEAN, thing.key)


def test_whole_bytes_are_noted_and_not_read_again_soon(programme: Programme, steward: Any) -> None:
    thing = stored(programme)
    whole.check(Zone)
    thing.refresh_from_db()
    assert (thing.damage, thing.checked_at > timezone.now() - BIT) == ("", True)
    assert not whole.due(Zone).exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("harm", "damage"), [(spoil, Damage.CHANGED), (lose, Damage.GONE)])
def test_what_does_not_fit_is_doubted_then_marked_and_told_once(
    programme: Programme, other_programme: Programme, steward: Any, harm: Any, damage: Damage
) -> None:
    make.user(other_programme, Role.STEWARD)
    thing, good = stored(programme), stored(programme)
    harm(thing)
    whole.check(Zone)
    thing.refresh_from_db()
    assert thing.damage == Damage.DOUBTED
    assert not Notice.objects.exists()
    whole.check(Zone)
    thing.refresh_from_db()
    assert thing.damage == Damage.DOUBTED  # too soon to look again
    aged(thing, thing_age(thing) + DOUBT)
    whole.check(Zone)
    thing.refresh_from_db()
    good.refresh_from_db()
    assert (thing.damage, good.damage) == (damage, "")
    assert list(Notice.objects.values_list("user_id", flat=True)) == [steward.pk]
    said = StringIO()
    with pytest.raises(CommandError, match="do not agree"):
        call_command("check_store", stdout=said)
    assert f"damaged ({damage}): clean {thing.pk}" in said.getvalue()
    aged(thing, AGAIN + BIT)
    whole.check(Zone)
    assert Notice.objects.count() == 1


def thing_age(thing: StoredObject) -> timedelta:
    return timezone.now() - thing.checked_at


def test_what_was_brought_back_is_whole_again(programme: Programme) -> None:
    thing = stored(programme)
    with store().open(Zone.CLEAN, thing.key) as stream:
        copy = stream.read()
    spoil(thing)
    StoredObject.objects.filter(pk=thing.pk).update(damage=Damage.CHANGED)
    store().replace(Zone.CLEAN, thing.key, BytesIO(copy))
    whole.check(Zone)
    thing.refresh_from_db()
    assert thing.damage == ""


def test_what_is_erased_at_that_moment_is_no_damage(
    programme: Programme, steward: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = stored(programme)
    StoredObject.objects.filter(pk=thing.pk).update(damage=Damage.DOUBTED)

    def erased_meanwhile(seen: StoredObject) -> Any:
        work.erase([StoredObject.objects.get(pk=seen.pk)], by=BY, why="withdrawal")
        raise NoSuchObject

    monkeypatch.setattr(whole.sealed, "open_bytes", erased_meanwhile)
    whole.check(Zone)
    thing.refresh_from_db()
    assert thing.state == ObjectState.ERASED
    assert not Notice.objects.exists()
    assert not whole.damaged_objects().exists()


def test_nothing_erased_or_unwritten_is_read(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    erased = stored(programme)
    work.erase([erased], by=BY, why="withdrawal")
    aged(erased, AGAIN + BIT)
    aged(work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None), AGAIN + BIT)
    read: list[Any] = []
    monkeypatch.setattr(whole.sealed, "open_bytes", read.append)
    whole.check(Zone)
    assert read == []


def test_a_store_that_is_away_is_no_damage(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = stored(programme)

    def away(*_: object) -> None:
        raise StoreUnreachable("away")

    monkeypatch.setattr(whole.sealed, "open_bytes", away)
    with pytest.raises(StoreUnreachable):
        whole.check(Zone)
    thing.refresh_from_db()
    assert thing.damage == ""
    assert whole.due(Zone).get() == thing


def test_a_turn_reads_so_many_bytes_the_longest_unread_first_and_the_next_goes_on(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = [stored(programme, b"x" * 100, AGAIN + BIT * (9 - number)) for number in range(5)]
    monkeypatch.setattr(whole, "TURN_BYTES", 250)
    seen = []
    for _ in range(4):
        whole.check(Zone)
        seen.append({place for place, thing in enumerate(things) if thing.pk not in set(pks())})
    assert seen == [{0, 1}, {0, 1, 2, 3}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}]


def pks() -> list[Any]:
    return list(whole.due(Zone).values_list("pk", flat=True))


def test_one_object_that_is_larger_than_a_turn_is_read_all_the_same(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(programme, b"x" * 1000)
    monkeypatch.setattr(whole, "TURN_BYTES", 10)
    whole.check(Zone)
    assert not whole.due(Zone).exists()


def test_workers_do_it_by_themselves(programme: Programme, settings: Any) -> None:
    settings.STORE_SEARCHES = True
    thing = stored(programme)
    drain()
    thing.refresh_from_db()
    assert thing.checked_at > timezone.now() - BIT

"""Bytes without a row go by themselves, after a while; what has its row stays, written or not."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.due.run import drain
from core.ids import new_id
from core.storage import orphans, work
from core.storage.models import Orphan, StoredObject
from core.storage.orphans import KEPT, SUBJECTS, search
from core.storage.store import store
from core.storage.zones import Zone

BY = SystemActor("test")
ZONE = Zone.CLEAN
SUBJECT = next(subject for subject, zone in SUBJECTS.items() if zone == ZONE)

pytestmark = pytest.mark.usefixtures("empty_store")


def stray() -> UUID:
    key = new_id()
    store().put(ZONE, str(key), BytesIO(b"stray"))
    return key


def older() -> None:
    Orphan.objects.update(first_seen_at=timezone.now() - KEPT - timedelta(minutes=1))


def lies(key: UUID | str) -> bool:
    return store().exists(ZONE, str(key))


def test_bytes_without_a_row_are_remembered_and_erased_after_their_time(db: None) -> None:
    key = stray()
    search(SUBJECT)
    search(SUBJECT)
    assert lies(key)
    assert Orphan.objects.get().key == key
    older()
    search(SUBJECT)
    assert not lies(key)
    assert not Orphan.objects.exists()


def test_whatever_has_its_row_stays_also_while_it_is_written(programme: Programme) -> None:
    written, under_way = (work.reserve(ZONE, programme_id=programme.pk, donor_id=None) for _ in range(2))
    work.write(written, b"pixels", by=BY)
    store().put(ZONE, under_way.key, BytesIO(b"half"))
    search(SUBJECT)
    older()
    search(SUBJECT)
    assert lies(written.pk)
    assert lies(under_way.pk)
    assert not Orphan.objects.exists()


def test_bytes_of_what_was_erased_go_at_once(programme: Programme) -> None:
    thing = work.reserve(ZONE, programme_id=programme.pk, donor_id=None)
    work.write(thing, b"pixels", by=BY)
    work.erase([thing], by=BY, why="withdrawal")
    store().put(ZONE, thing.key, BytesIO(b"late"))
    search(SUBJECT)
    assert not lies(thing.pk)


def test_what_has_its_row_again_is_forgotten_and_not_erased(programme: Programme) -> None:
    key = stray()
    search(SUBJECT)
    StoredObject.objects.create(pk=key, zone=ZONE, programme_id=programme.pk)
    older()
    search(SUBJECT)
    assert lies(key)
    assert not Orphan.objects.exists()


def test_a_row_that_comes_back_at_the_last_moment_keeps_its_bytes(programme: Programme) -> None:
    key = stray()
    StoredObject.objects.create(pk=key, zone=ZONE, programme_id=programme.pk)
    orphans._erase(ZONE, [key])
    assert lies(key)


def test_where_many_have_no_row_none_is_erased(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "MOST", 2)
    keys = [stray() for _ in range(3)]
    search(SUBJECT)
    older()
    search(SUBJECT)
    assert all(lies(key) for key in keys)
    store().delete(ZONE, str(keys[0]))
    search(SUBJECT)
    assert not any(lies(key) for key in keys)


def test_keys_that_are_not_ours_stay(db: None) -> None:
    store().put(ZONE, "not-one-of-ours", BytesIO(b"x"))
    search(SUBJECT)
    older()
    search(SUBJECT)
    assert lies("not-one-of-ours")


def test_workers_look_through_every_zone_by_themselves(db: None, settings: Any) -> None:
    settings.STORE_SEARCHES = True
    keys = {zone: str(new_id()) for zone in Zone}
    for zone, key in keys.items():
        store().put(zone, key, BytesIO(b"stray"))
    drain()
    assert {each.zone: str(each.key) for each in Orphan.objects.all()} == keys

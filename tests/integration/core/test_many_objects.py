"""Objects that are written together: found by a withdrawal at any moment, named only once all bytes are there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from django.db import transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict
from core.ids import new_id
from core.storage import many, work
from core.storage.many import Draft
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import ObjectState, Zone

BY = SystemActor("test")
DRAFTS = [
    Draft(zone, "image/png", data, sha256(data).hexdigest())
    for zone, data in ((Zone.CLEAN, b"one"), (Zone.REVIEW, b"two"), (Zone.CLEAN, bytes(3_000_000)))
]


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as found:
        yield found


def written(things: list[StoredObject], threads: ThreadPoolExecutor) -> None:
    for each in many.begin(DRAFTS, things, threads):
        each.result()


def reserved(programme: Programme) -> list[StoredObject]:
    return many.reserve(DRAFTS, programme_id=programme.pk, donor_id=new_id())


def are_there(things: list[StoredObject]) -> list[bool]:
    return [store().exists(Zone(thing.zone), thing.key) for thing in things]


@pytest.mark.django_db
def test_many_are_written_as_one_would_be(programme: Programme, threads: ThreadPoolExecutor) -> None:
    things = reserved(programme)
    assert StoredObject.objects.filter(donor_id=things[0].donor_id, state=ObjectState.RESERVED).count() == 3
    written(things, threads)
    written(things, threads)  # a request that was sent twice
    many.stored(things, by=BY)
    for draft, thing in zip(
        DRAFTS, StoredObject.objects.filter(donor_id=things[0].donor_id).order_by("pk"), strict=True
    ):
        assert (work.read(thing), thing.size, thing.zone) == (draft.data, len(draft.data), draft.zone)
        assert thing.stored_at is not None


@pytest.mark.django_db
def test_one_that_was_erased_meanwhile_keeps_all_from_being_named(
    programme: Programme, threads: ThreadPoolExecutor
) -> None:
    things = reserved(programme)
    work.erase_donor(things[0].donor_id, by=BY, why="withdrawal")  # type: ignore[arg-type]  # they have a donor
    written(things, threads)
    assert are_there(things) == [True] * 3
    with pytest.raises(Conflict):
        many.stored(things, by=BY)
    many.take_back(things, by=BY, why="superseded")
    many.take_back(things, by=BY, why="superseded")
    assert are_there(things) == [False] * 3
    states = StoredObject.objects.filter(donor_id=things[0].donor_id).values_list("state", flat=True)
    assert set(states) == {ObjectState.ERASED}


@pytest.mark.django_db
def test_other_bytes_under_a_key_are_a_conflict(programme: Programme, threads: ThreadPoolExecutor) -> None:
    things = reserved(programme)
    work.write(StoredObject.objects.get(pk=things[0].pk), b"others", by=BY)
    with pytest.raises(Conflict, match="Other bytes"):
        written(things, threads)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_inside_a_transaction(programme: Programme, threads: ThreadPoolExecutor) -> None:
    things = reserved(programme)
    with pytest.raises(RuntimeError), transaction.atomic():
        many.begin(DRAFTS, things, threads)
    assert are_there(things) == [False] * 3

"""What lies in the store says nothing; keys go with their objects; older objects and older keys are brought over."""

import secrets
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Missing
from core.ids import new_id
from core.storage import keys, many, resealing, sealed, work
from core.storage.envelope import MAGIC, SEGMENT
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import ObjectState, Zone

BY = SystemActor("test")
DATA = b"DOE^JANE " * 30_000


def reserved(programme: Programme) -> StoredObject:
    return work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id())


def written(programme: Programme, data: bytes = DATA) -> StoredObject:
    return work.write(reserved(programme), data, by=BY)


def plain(programme: Programme, settings: Any, data: bytes = DATA) -> StoredObject:
    """An object from before anything was sealed."""
    chosen = settings.OBJECT_STORE
    settings.OBJECT_STORE = chosen | {"sealed": False}
    thing = written(programme, data)
    settings.OBJECT_STORE = chosen
    assert lying(thing) == data
    return thing


def lying(thing: StoredObject) -> bytes:
    """The bytes as they lie in the store."""
    with store().open(Zone(thing.zone), thing.key) as stream:
        return stream.read()


def fresh(thing: StoredObject) -> StoredObject:
    return StoredObject.objects.get(pk=thing.pk)


def test_what_lies_in_the_store_is_not_what_was_written(programme: Programme) -> None:
    thing = written(programme)
    assert (thing.size, work.read(thing)) == (len(DATA), DATA)
    assert lying(thing).startswith(MAGIC)
    assert b"JANE" not in lying(thing)
    assert [work.read_start(thing, size) for size in (1, SEGMENT, SEGMENT + 9)] == [
        DATA[:size] for size in (1, SEGMENT, SEGMENT + 9)
    ]


def test_many_at_once_are_sealed_too(programme: Programme) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from hashlib import sha256

    drafts = [many.Draft(Zone.CLEAN, "x/y", data, sha256(data).hexdigest()) for data in (DATA, b"other")]
    things = many.reserve(drafts, programme_id=programme.pk, donor_id=None)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(many._put, things, [draft.data for draft in drafts]))
    many.stored(things, by=BY)
    assert [work.read(fresh(thing)) for thing in things] == [DATA, b"other"]
    assert all(lying(thing).startswith(MAGIC) for thing in things)


def test_the_key_goes_with_the_object_and_the_database_sees_to_it(programme: Programme) -> None:
    thing = written(programme)
    assert thing.sealed_key
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredObject.objects.filter(pk=thing.pk).update(state=ObjectState.ERASED)
    work.erase([thing], by=BY, why="withdrawal")
    assert (fresh(thing).sealed_key, fresh(thing).key_id) == (None, "")


def test_two_objects_that_change_places_are_found(programme: Programme) -> None:
    one, two = written(programme, b"one" * 99), written(programme, b"two" * 99)
    first, second = lying(one), lying(two)
    for thing, data in ((one, second), (two, first)):
        store().replace(Zone.CLEAN, thing.key, BytesIO(data))
        with pytest.raises(Missing, match="not the ones"):
            work.read(thing)
    # Also with their keys, by somebody who can write into the database.
    StoredObject.objects.filter(pk=one.pk).update(sealed_key=two.sealed_key)
    with pytest.raises(keys.KeyAbsent):
        work.read(fresh(one))


def test_plain_bytes_do_not_pass_for_sealed_ones(programme: Programme) -> None:
    thing = written(programme)
    store().replace(Zone.CLEAN, thing.key, BytesIO(DATA))
    for read in (work.read, lambda each: work.read_start(each, 10)):
        with pytest.raises(Missing, match="not the ones"):
            read(thing)


def test_a_new_store_key_wraps_keys_anew_and_touches_no_byte(programme: Programme, settings: Any) -> None:
    thing, erased = written(programme), written(programme)
    before = lying(thing)
    work.erase([erased], by=BY, why="withdrawal")
    old = settings.STORE_KEY
    settings.STORE_KEY, settings.STORE_KEYS_OLD = secrets.token_hex(32), []
    with pytest.raises(keys.KeyAbsent, match="DONARA_STORE_KEY"):
        work.read(thing)
    with pytest.raises(CommandError, match="DONARA_STORE_KEY"):
        call_command("seal_store", stdout=StringIO())
    settings.STORE_KEYS_OLD = [old]
    assert work.read(thing) == DATA
    call_command("seal_store", stdout=StringIO())
    settings.STORE_KEYS_OLD = []
    assert work.read(fresh(thing)) == DATA
    assert lying(thing) == before
    assert fresh(erased).sealed_key is None


def test_what_is_erased_while_its_key_is_wrapped_gets_none_back(programme: Programme) -> None:
    thing = written(programme)
    stale = fresh(thing)
    work.erase([thing], by=BY, why="withdrawal")
    assert not resealing.wrap_anew(stale)
    assert fresh(thing).sealed_key is None


@pytest.mark.parametrize("data", [b"", DATA, MAGIC + b"\0" * 200, MAGIC * SEGMENT])
def test_objects_from_before_are_read_and_sealed_in_their_place(
    programme: Programme, settings: Any, data: bytes
) -> None:
    thing = plain(programme, settings, data)
    assert work.read(thing) == data
    call_command("seal_store", stdout=StringIO())
    assert (work.read(fresh(thing)), fresh(thing).was_plain) == (data, False)
    assert lying(thing) != data
    assert not resealing.unsealed().filter(pk=thing.pk).exists()


@pytest.mark.parametrize("data", [DATA, MAGIC + b"\0" * 200])
def test_a_sealing_that_is_killed_half_way_leaves_a_readable_object(
    programme: Programme, settings: Any, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    before, after = plain(programme, settings, data), plain(programme, settings, data)
    real = sealed.replace
    for thing, deed in ((before, die), (after, lambda *given: (real(*given), die()))):
        with monkeypatch.context() as patched:
            patched.setattr(sealed, "replace", deed)
            with pytest.raises(Killed):
                resealing.seal(thing)
    for thing in (before, after):
        assert fresh(thing).was_plain
        assert work.read(fresh(thing)) == data
        assert work.read_start(fresh(thing), 20) == data[:20]
        assert resealing.seal(fresh(thing))
        assert work.read(fresh(thing)) == data


def test_what_is_erased_while_it_is_sealed_does_not_come_back(
    programme: Programme, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = plain(programme, settings)
    real = sealed.replace

    def erased_meanwhile(*given: Any) -> None:
        work.erase([fresh(thing)], by=BY, why="withdrawal")
        real(*given)

    monkeypatch.setattr(sealed, "replace", erased_meanwhile)
    assert not resealing.seal(fresh(thing))
    assert not store().holds(Zone.CLEAN, thing.key)


def test_damaged_bytes_from_before_are_left_and_named(programme: Programme, settings: Any) -> None:
    thing = plain(programme, settings)
    store().replace(Zone.CLEAN, thing.key, BytesIO(b"others"))
    said = StringIO()
    with pytest.raises(CommandError, match="1 objects"):
        call_command("seal_store", stdout=said)
    assert str(thing.pk) in said.getvalue()
    assert lying(thing) == b"others"


def test_a_write_that_was_killed_between_put_and_note_is_done_again(programme: Programme) -> None:
    thing = reserved(programme)
    sealed.put(thing, BytesIO(DATA))
    work.write(fresh(thing), DATA, by=BY)
    assert work.read(fresh(thing)) == DATA

"""One contract for both stores, and the rules of an object's row."""

from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict, Missing
from core.ids import new_id
from core.storage import work
from core.storage.folder import FolderStore
from core.storage.store import NoSuchObject, Store, StoreUnreachable, store
from core.storage.zones import ObjectState, Zone

BY = SystemActor("test")


@pytest.fixture(params=["folder", "chosen"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """The folder store, and the one that the settings chose (an S3 server when the real parts are up)."""
    chosen = FolderStore(tmp_path) if request.param == "folder" else store()
    chosen.probe()
    return chosen


@pytest.mark.parametrize("size", [0, 1, 5_000_000, 20_000_000])
def test_what_is_put_is_what_is_read(any_store: Store, size: int) -> None:
    key, data = str(new_id()), bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    assert any_store.put(Zone.CLEAN, key, BytesIO(data)) == size
    with any_store.open(Zone.CLEAN, key) as stream:
        assert stream.read() == data
    assert key in set(any_store.keys(Zone.CLEAN))
    assert not any_store.exists(Zone.QUARANTINE, key)
    any_store.delete(Zone.CLEAN, key)
    any_store.delete(Zone.CLEAN, key)
    assert not any_store.exists(Zone.CLEAN, key)
    with pytest.raises(NoSuchObject):
        any_store.open(Zone.CLEAN, key)


def test_a_put_that_breaks_off_leaves_nothing(any_store: Store) -> None:
    class Broken(BytesIO):
        def read(self, amount: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    key = str(new_id())
    with pytest.raises((ConnectionResetError, StoreUnreachable)):
        any_store.put(Zone.CLEAN, key, Broken())
    assert not any_store.exists(Zone.CLEAN, key)
    assert key not in set(any_store.keys(Zone.CLEAN))


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a/b", ".hidden", "a\0b"])
def test_keys_are_never_paths(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        FolderStore(tmp_path).open(Zone.CLEAN, key)


def test_an_unwritable_folder_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnreachable, match="DONARA_STORE"):
        FolderStore(tmp_path / "file" / "below").probe()


def test_a_row_comes_first_and_outlives_the_bytes(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id())
    with pytest.raises(Missing):
        work.read(thing)
    work.write(thing, b"pixels", by=BY)
    assert work.read(thing) == b"pixels"
    assert work.erase([thing], by=BY, why="withdrawal") == 1
    assert work.erase([thing], by=BY, why="withdrawal") == 0
    thing.refresh_from_db()
    assert thing.state == ObjectState.ERASED
    with pytest.raises(Missing):
        work.read(thing)


def test_bytes_that_arrive_after_the_erasure_do_not_stay(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id())
    late = type(thing).objects.get(pk=thing.pk)
    work.erase([thing], by=BY, why="withdrawal")
    with pytest.raises(Conflict):
        work.write(late, b"too late", by=BY)
    assert not store().exists(Zone.CLEAN, thing.key)


def test_changed_bytes_are_not_handed_out(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    work.write(thing, b"pixels", by=BY)
    store().delete(Zone.CLEAN, thing.key)
    store().put(Zone.CLEAN, thing.key, BytesIO(b"others"))
    with pytest.raises(Missing, match="not the ones"):
        work.read(thing)


@pytest.mark.django_db(transaction=True)
def test_no_file_is_written_inside_a_transaction(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    with pytest.raises(RuntimeError), transaction.atomic():
        work.write(thing, b"pixels", by=BY)

"""One contract for both stores, and the rules of an object's row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict, Missing
from core.ids import new_id
from core.storage import sealed, work
from core.storage.folder import FolderStore
from core.storage.store import AlreadyThere, NoSuchObject, Store, StoreUnreachable, store
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


def test_the_start_of_an_object_is_read_alone(any_store: Store) -> None:
    key, empty = str(new_id()), str(new_id())
    for each, data in ((key, b"0123456789"), (empty, b"")):
        any_store.put(Zone.CLEAN, each, BytesIO(data))
    assert [any_store.start(Zone.CLEAN, key, size) for size in (1, 10, 4096)] == [b"0", b"0123456789", b"0123456789"]
    assert any_store.start(Zone.CLEAN, empty, 4096) == b""
    for each in (key, empty):
        any_store.delete(Zone.CLEAN, each)
    with pytest.raises(NoSuchObject):
        any_store.start(Zone.CLEAN, key, 1)


class Source(BytesIO):
    """`size` bytes that come in short pieces, or break off after them."""

    def __init__(self, size: int, breaks: Exception | None = None) -> None:
        super().__init__()
        self.left, self.breaks = size, breaks

    def read(self, amount: int | None = -1, /) -> bytes:
        if not self.left and self.breaks:
            raise self.breaks
        given = min(self.left, 70_001, amount if amount and amount > 0 else self.left)
        self.left -= given
        return b"x" * given


@pytest.mark.parametrize("size", [0, 1_000, 20_000_000])
@pytest.mark.parametrize("error", [ConnectionResetError(), ValueError()])
def test_a_put_that_breaks_off_leaves_nothing(any_store: Store, size: int, error: Exception) -> None:
    key = str(new_id())
    with pytest.raises(type(error)):
        any_store.put(Zone.CLEAN, key, Source(size, error))
    assert not any_store.exists(Zone.CLEAN, key)
    assert key not in set(any_store.keys(Zone.CLEAN))
    assert any_store.tidy(Zone.CLEAN, timezone.now() + timedelta(days=1)) == 0


def test_a_source_that_gives_short_pieces_is_read_to_its_end(any_store: Store) -> None:
    key = str(new_id())
    assert any_store.put(Zone.CLEAN, key, Source(20_000_000)) == 20_000_000
    with any_store.open(Zone.CLEAN, key) as stream:
        assert stream.read(3) == b"xxx"
        assert len(stream.read()) == 19_999_997


@pytest.mark.parametrize("size", [10, 9_000_000])
def test_a_put_never_overwrites(any_store: Store, size: int) -> None:
    key = str(new_id())
    any_store.put(Zone.CLEAN, key, BytesIO(b"a" * size))
    with pytest.raises(AlreadyThere):
        any_store.put(Zone.CLEAN, key, BytesIO(b"b" * size))
    with any_store.open(Zone.CLEAN, key) as stream:
        assert stream.read() == b"a" * size


def test_of_many_who_put_at_once_one_wins_and_its_bytes_stay(any_store: Store) -> None:
    key = str(new_id())

    def put(letter: str) -> str | None:
        try:
            any_store.put(Zone.CLEAN, key, BytesIO(letter.encode() * 300_000))
        except AlreadyThere:
            return None
        return letter

    with ThreadPoolExecutor(8) as pool:
        winners = [letter for letter in pool.map(put, "abcdefgh") if letter]
    with any_store.open(Zone.CLEAN, key) as stream:
        assert [stream.read()] == [letter.encode() * 300_000 for letter in winners]


def test_a_deletion_touches_that_key_alone(any_store: Store) -> None:
    key = str(new_id())
    for name in (key, f"{key}0", f"{key}-1"):
        any_store.put(Zone.CLEAN, name, BytesIO(b"x"))
    any_store.delete(Zone.CLEAN, key)
    assert not any_store.exists(Zone.CLEAN, key)
    assert any_store.exists(Zone.CLEAN, f"{key}0")
    assert any_store.exists(Zone.CLEAN, f"{key}-1")


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


def test_a_write_that_was_killed_before_its_row_is_done_again(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    sealed.put(thing, BytesIO(b"pixels"))
    with pytest.raises(Conflict, match="Other bytes"):
        work.write(thing, b"others", by=BY)
    work.write(thing, b"pixels", by=BY)
    assert (work.read(thing), thing.size) == (b"pixels", 6)


@pytest.mark.parametrize("late_bytes", [b"pixels", b"others"])
def test_a_writer_who_comes_too_late_harms_nothing(programme: Programme, late_bytes: bytes) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    late = type(thing).objects.get(pk=thing.pk)
    work.write(thing, b"pixels", by=BY)
    with pytest.raises(Conflict):
        work.write(late, late_bytes, by=BY)
    assert work.read(thing) == b"pixels"


def test_two_who_erase_at_once_both_find_it_done(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    work.write(thing, b"pixels", by=BY)
    second = type(thing).objects.get(pk=thing.pk)
    assert work.erase([thing], by=BY, why="withdrawal") == 1
    assert work.erase([second], by=BY, why="withdrawal") == 0
    assert second.state == ObjectState.ERASED


def test_what_is_being_written_while_it_is_erased_must_be_erased_again(programme: Programme) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=None)
    seen_before = type(thing).objects.get(pk=thing.pk)
    work.write(thing, b"pixels", by=BY)
    with pytest.raises(Conflict):
        work.erase([seen_before], by=BY, why="withdrawal")
    assert work.erase([seen_before], by=BY, why="withdrawal") == 1
    assert not store().exists(Zone.CLEAN, thing.key)


def test_an_older_version_that_survives_its_erasure_is_no_proof(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = work.reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=new_id())
    work.write(thing, b"pixels", by=BY)
    with monkeypatch.context() as patched:
        patched.setattr(type(store()), "holds", lambda *_: True)
        with pytest.raises(StoreUnreachable):
            work.erase([thing], by=BY, why="withdrawal")
    assert work.erase([thing], by=BY, why="withdrawal") == 1
    with monkeypatch.context() as patched:
        patched.setattr(type(store()), "holds", lambda *_: True)
        with pytest.raises(StoreUnreachable):
            work.erase_donor(thing.donor_id, by=BY, why="withdrawal")


def test_of_what_was_erased_no_start_is_read(programme: Programme) -> None:
    thing = work.write(work.reserve(Zone.QUARANTINE, programme_id=programme.pk, donor_id=None), b"0123456789", by=BY)
    assert work.read_start(thing, 4) == b"0123"
    stale = type(thing).objects.get(pk=thing.pk)
    work.erase([thing], by=BY, why="test")
    for each in (thing, stale):
        with pytest.raises(Missing):
            work.read_start(each, 4)


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

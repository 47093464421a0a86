"""Objects that begin with others' bytes: read as one, shut for whoever put the others there, and gone together."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import Programme
from core.actors import SystemActor
from core.errors import Conflict, Missing
from core.ids import new_id
from core.storage import keys, pieces, sealed, whole, work
from core.storage.check import compare
from core.storage.envelope import SEGMENT
from core.storage.models import StoredObject
from core.storage.orphans import SUBJECTS, search
from core.storage.roles import Role
from core.storage.store import store
from core.storage.zones import Damage, ObjectState, Zone
from tests.factories.parts import being
from tests.integration.core.test_store_keys import opens

pytestmark = pytest.mark.django_db
BY = SystemActor("test")
#: Bytes of parts, around where a segment of the sealed form ends.
SIZES = (1, 15, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 7)
PARTS = (b"DOE^JANE " * 50, b"\1" * (SEGMENT + 1), b"\2" * SEGMENT, b"the end")


def put(programme: Programme, data: bytes, zone: Zone = Zone.INCOMING) -> StoredObject:
    """A stored object by itself."""
    return work.write(work.reserve(zone, programme_id=programme.pk, donor_id=new_id()), data, by=BY)


def made(programme: Programme, parts: Sequence[bytes] = PARTS) -> StoredObject:
    """An object in quarantine whose last part alone is its own, read anew from its row."""
    thing, ahead = begun(programme, parts)
    finish(thing, ahead, parts)
    return StoredObject.objects.get(pk=thing.pk)


def begun(programme: Programme, parts: Sequence[bytes] = PARTS) -> tuple[StoredObject, pieces.Front]:
    """The same before its rows are joined."""
    before = [put(programme, part) for part in parts[:-1]]
    thing = work.reserve(Zone.QUARANTINE, programme_id=programme.pk, donor_id=new_id())
    ahead = pieces.front(thing, before)
    work.put(thing, parts[-1])
    return thing, ahead


def finish(thing: StoredObject, ahead: pieces.Front, parts: Sequence[bytes] = PARTS) -> None:
    data = b"".join(parts)
    with transaction.atomic():
        pieces.join(thing, ahead, work.Written(len(data), hashlib.sha256(data).hexdigest()), by=BY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(
        st.sampled_from([1, 15, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 7]), min_size=2, max_size=5
    ),
    place=st.floats(0, 1),
    amount=st.integers(1, 2 * SEGMENT),
)
def test_it_reads_as_one(programme: Programme, sizes: list[int], place: float, amount: int) -> None:
    parts = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    data, thing = b"".join(parts), made(programme, parts)
    assert work.read(thing) == data
    assert sealed.digest(thing) == thing.sha256
    at = int(place * len(data))
    assert work.read_start(thing, amount) == data[:amount]
    with work.open_object(thing) as stream:
        stream.seek(at)
        assert stream.read(amount) == data[at : at + amount]
        stream.seek(0)
        assert stream.read() == data


def test_a_thread_that_asks_the_database_nothing_reads_it(programme: Programme) -> None:
    pk = made(programme).pk
    thing = StoredObject.objects.prefetch_related("pieces").get(pk=pk)
    asked: list[str] = []

    def read() -> bytes:
        with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
            return work.read(thing)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(read).result() == b"".join(PARTS)
    assert not asked


def test_whoever_put_the_pieces_there_opens_them_no_more(programme: Programme) -> None:
    with being(Role.WEB):
        thing, ahead = begun(programme)
        assert all(opens(StoredObject.objects.get(pk=each.pk), Role.WEB) for each in ahead.pieces)
        finish(thing, ahead)
    for each in (thing, *ahead.pieces):
        row = StoredObject.objects.get(pk=each.pk)
        assert {role for role in Role if opens(row, role)} == {Role.ALL, Role.WORKER, Role.CLEANER}
    with being(Role.CLEANER):
        assert work.read(StoredObject.objects.get(pk=thing.pk)) == b"".join(PARTS)


def test_a_piece_opens_as_a_piece_of_its_own_object_only(programme: Programme) -> None:
    one, other = made(programme), made(programme)
    mine = one.pieces.get(start=0)
    StoredObject.objects.filter(pk=other.pieces.get(start=0).pk).update(sealed_key=mine.sealed_key)
    with pytest.raises(keys.KeyAbsent):
        work.read(other)


def test_a_new_store_key_wraps_the_object_and_its_pieces_need_nothing(programme: Programme, settings: Any) -> None:
    thing = made(programme)
    settings.STORE_KEYS_OLD = [settings.STORE_KEY]
    settings.STORE_KEY = "ab" * 32
    said = StringIO()
    call_command("seal_store", stdout=said)
    assert "keys wrapped anew: 1" in said.getvalue()
    settings.STORE_KEYS_OLD = []
    assert work.read(StoredObject.objects.get(pk=thing.pk)) == b"".join(PARTS)


def test_it_is_erased_with_all_its_pieces(programme: Programme) -> None:
    thing = made(programme)
    every = [thing, *thing.pieces.all()]
    assert work.erase([StoredObject.objects.get(pk=thing.pk)], by=BY, why="test") == 1
    for each in every:
        row = StoredObject.objects.get(pk=each.pk)
        assert (row.state, row.sealed_key) == (ObjectState.ERASED, None)
        assert not store().holds(Zone(row.zone), row.key)
    with pytest.raises(Missing):
        work.open_object(StoredObject.objects.get(pk=thing.pk))


def test_pieces_that_are_gone_or_changed_make_it_damaged_and_it_alone(programme: Programme) -> None:
    for harm in (b"", b"other bytes"):
        thing = made(programme)
        piece = thing.pieces.get(start=len(PARTS[0]))
        store().delete(Zone(piece.zone), piece.key)
        if harm:
            store().put(Zone(piece.zone), piece.key, BytesIO(harm))
        with pytest.raises(Missing):
            work.read(thing)
        for _ in range(2):
            StoredObject.objects.update(checked_at=timezone.now() - whole.AGAIN - timedelta(days=1))
            whole.check_donors()
        assert list(whole.damaged_objects()) == [thing]
        assert StoredObject.objects.get(pk=thing.pk).damage == Damage.CHANGED
        StoredObject.objects.filter(pk=thing.pk).update(state=ObjectState.ERASED, sealed_key=None, key_id="")


def test_a_row_of_a_piece_that_is_missing_is_no_shorter_file(programme: Programme) -> None:
    thing = made(programme)
    StoredObject.objects.filter(pk=thing.pk).update(piece_count=4)
    with pytest.raises(Missing):
        work.open_object(StoredObject.objects.get(pk=thing.pk))


@pytest.mark.parametrize("what", ["erased", "joined", "wrapped anew"])
def test_what_happens_to_a_piece_meanwhile_stops_the_joining(programme: Programme, what: str) -> None:
    thing, ahead = begun(programme)
    piece = StoredObject.objects.get(pk=ahead.pieces[1].pk)
    if what == "erased":
        work.erase([piece], by=BY, why="test")
    elif what == "joined":
        other = work.reserve(Zone.QUARANTINE, programme_id=programme.pk, donor_id=None)
        theirs = pieces.front(other, [piece])
        work.put(other, b"x")
        finish(other, theirs, [PARTS[1], b"x"])
    else:
        StoredObject.objects.filter(pk=piece.pk).update(key_id="another")
    rows = list(StoredObject.objects.order_by("pk").values())
    with pytest.raises(Conflict):
        finish(thing, ahead)
    assert list(StoredObject.objects.order_by("pk").values()) == rows


def test_only_what_is_sealed_and_not_too_much_may_be_pieces(programme: Programme, settings: Any) -> None:
    one = put(programme, b"x")
    assert pieces.can_front([one])
    StoredObject.objects.filter(pk=one.pk).update(was_plain=True)
    assert not pieces.can_front([StoredObject.objects.get(pk=one.pk)])
    assert pieces.can_front([one] * pieces.MOST)
    assert not pieces.can_front([one] * (pieces.MOST + 1))
    settings.OBJECT_STORE = {**settings.OBJECT_STORE, "sealed": False}
    assert not pieces.can_front([one])
    assert not pieces.can_front([put(programme, b"y")])


def test_nothing_of_it_is_taken_for_an_orphan(programme: Programme, empty_store: None) -> None:
    thing = made(programme)
    for subject, zone in SUBJECTS.items():
        search(subject)
        found = compare(zone)
        assert (found.orphans, found.missing) == ([], [])
    assert work.read(StoredObject.objects.get(pk=thing.pk)) == b"".join(PARTS)


def test_the_database_knows_a_place_of_every_piece_and_one_piece_of_every_place(programme: Programme) -> None:
    thing = made(programme)
    first, second = thing.pieces.order_by("start")[:2]
    for wrong in ({"start": None}, {"start": second.start}, {"piece_count": 1}, {"part_of": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredObject.objects.filter(pk=first.pk).update(**wrong)

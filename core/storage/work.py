"""Objects as the apps use them: reserve a row, write its bytes, read them checked, erase them."""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import Conflict, Missing
from core.lifecycle import move
from core.storage import keys, sealed
from core.storage.envelope import damaged
from core.storage.models import StoredObject
from core.storage.store import AlreadyThere, NoSuchObject, StoreUnreachable, store
from core.storage.zones import ObjectState, Zone

COPY = 1 << 20
#: Of what was erased no key stays, so that no copy of its bytes can be opened.
NO_KEY = {"sealed_key": None, "key_id": "", "was_plain": False}


def reserve(
    zone: Zone,
    *,
    programme_id: UUID,
    donor_id: UUID | None,
    media_type: str = "application/dicom",
    size: int | None = None,
) -> StoredObject:
    """The object's row, before its bytes; from now on a withdrawal finds it. `size` where it is known, in bytes."""
    thing = StoredObject(zone=zone, programme_id=programme_id, donor_id=donor_id, media_type=media_type, size=size)
    keys.give_key(thing)
    thing.save(force_insert=True)
    return thing


class Written(NamedTuple):
    """What was put under an object's key: how many bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


def write(thing: StoredObject, data: bytes | BinaryIO, *, by: Actor) -> StoredObject:
    """Stores the bytes of a reserved object, with their size and SHA-256; never inside a transaction.

    Doing it again with the same bytes, after a kill, changes nothing. Raises StoreUnreachable; Conflict when the object
    was erased meanwhile (its bytes are then removed again) or when somebody else wrote it.
    """
    written = put(thing, data)
    try:
        mark_stored(thing, written, by=by)
    except Conflict:
        if StoredObject.objects.filter(pk=thing.pk, state=ObjectState.ERASED).exists():
            store().delete(Zone(thing.zone), thing.key)
        raise
    return thing


def put(thing: StoredObject, data: bytes | BinaryIO) -> Written:
    """The bytes of a reserved object, and not yet its row, which `mark_stored` changes; never inside a transaction.

    Raises StoreUnreachable, and Conflict where the object was erased, or holds other bytes.
    """
    with transaction.atomic(durable=True):
        pass  # raises RuntimeError inside another transaction
    if thing.state == ObjectState.ERASED:
        raise Conflict("This object was erased meanwhile.", "changed")  # its key went with it
    source = _Hashed(BytesIO(data) if isinstance(data, bytes) else data)
    try:
        sealed.put(thing, source)
    except AlreadyThere:
        _same(thing, source)
    return Written(source.size, source.hash.hexdigest())


def mark_stored(thing: StoredObject, written: Written, *, by: Actor, pieces: int = 0) -> None:
    """The row of an object whose bytes are all put, in the caller's transaction with what names it, or by itself.

    `pieces`: how many other objects' bytes it begins with (pieces.py). Raises Conflict when it was erased meanwhile:
    `erase` then removes the bytes that came too late.
    """
    size, digest = written.size, written.sha256
    move(thing, ObjectState.STORED, by=by, size=size, sha256=digest, stored_at=timezone.now(), piece_count=pieces)
    thing.data_key = None  # from here on it is opened by whoever may


def _same(thing: StoredObject, source: "_Hashed") -> None:
    """Sees that the bytes that lie there already are the ones in `source`; raises Conflict when they are not."""
    while source.read(COPY):
        pass
    try:
        is_same = sealed.digest(thing) == source.hash.hexdigest()
    except NoSuchObject:
        raise Conflict("This object was erased meanwhile.", "changed") from None
    except Missing:
        is_same = False
    if not is_same:
        raise Conflict("Other bytes lie under this object's key. Reserve another object for these.", "other_bytes")


def check_same(thing: StoredObject, data: bytes) -> None:
    """Sees that what lies under the object's key already are these bytes; raises Conflict where they are not."""
    _same(thing, _Hashed(BytesIO(data)))


def read(thing: StoredObject) -> bytes:
    """All bytes of a stored object, checked against their SHA-256; raises Missing when they are gone or changed."""
    with open_object(thing) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != thing.sha256:
        raise damaged()
    return data


def open_object(thing: StoredObject) -> BinaryIO:
    """A stream of a stored object's bytes; raises Missing once it is erased."""
    if thing.state != ObjectState.STORED:
        raise Missing("There is no such object.", "erased")
    try:
        return sealed.open_bytes(thing)
    except NoSuchObject:
        raise Missing("There is no such object.", "erased") from None


def read_start(thing: StoredObject, size: int) -> bytes:
    """The first `size` bytes of a stored object, not compared with its SHA-256; raises Missing once it is erased."""
    if thing.state != ObjectState.STORED:
        raise Missing("There is no such object.", "erased")
    try:
        return sealed.start_of(thing, size)
    except NoSuchObject:
        raise Missing("There is no such object.", "erased") from None


def erase(objects: Iterable[StoredObject], *, by: Actor, why: str) -> int:
    """Removes the bytes, sees that they are gone, then marks the rows and forgets the keys; returns how many.

    Safe to run twice at once.
    """
    return sum(_erase(thing, by=by, why=why) for thing in objects if thing.state != ObjectState.ERASED)


def _erase(thing: StoredObject, *, by: Actor, why: str) -> bool:
    if thing.piece_count:
        erase(thing.pieces.all(), by=by, why=why)
    remove(Zone(thing.zone), thing.key)
    try:
        move(thing, ObjectState.ERASED, by=by, why=why, erased_at=timezone.now(), **NO_KEY)
    except Conflict:
        thing.refresh_from_db()
        if thing.state != ObjectState.ERASED:
            raise  # its bytes came while we erased it: it is to be erased again
        return False
    return True


def remove(zone: Zone, key: str) -> None:
    """Removes bytes and sees that every version of them is gone; raises StoreUnreachable where not."""
    store().delete(zone, key)
    if store().holds(zone, key):
        raise StoreUnreachable("The registry's file store said that it erased something, and it is still there.")


def erase_donor(donor_id: UUID, *, by: Actor, why: str) -> dict[str, int]:
    """Erases every object of a donor in every zone, and looks again that each is gone; returns how many by zone.

    Raises StoreUnreachable when something is still there, and Conflict when something was being written.
    """
    erase(StoredObject.objects.filter(donor_id=donor_id).exclude(state=ObjectState.ERASED), by=by, why=why)
    gone = dict.fromkeys((zone.value for zone in Zone), 0)
    for zone, key in StoredObject.objects.filter(donor_id=donor_id).values_list("zone", "pk"):
        if store().holds(Zone(zone), str(key)):
            raise StoreUnreachable("The registry's file store still holds something that was erased.")
        gone[zone] += 1
    return gone


class _Hashed:
    """A reader that hashes and counts what passes through."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.hash, self.size = source, hashlib.sha256(), 0

    def read(self, amount: int = -1, /) -> bytes:
        data = self.source.read(amount)
        self.hash.update(data)
        self.size += len(data)
        return data

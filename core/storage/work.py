"""Objects as the apps use them: reserve a row, write its bytes, read them checked, erase them."""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import Conflict, Missing
from core.lifecycle import move
from core.storage.models import StoredObject
from core.storage.store import NoSuchObject, store
from core.storage.zones import ObjectState, Zone


def reserve(
    zone: Zone, *, programme_id: UUID, donor_id: UUID | None, media_type: str = "application/dicom"
) -> StoredObject:
    """The object's row, before its bytes; from now on a withdrawal finds it."""
    return StoredObject.objects.create(zone=zone, programme_id=programme_id, donor_id=donor_id, media_type=media_type)


def write(thing: StoredObject, data: bytes | BinaryIO, *, by: Actor) -> StoredObject:
    """Stores the bytes of a reserved object, with their size and SHA-256; never inside a transaction.

    Raises StoreUnreachable, and Conflict when the object was erased meanwhile (its bytes are then removed again).
    """
    with transaction.atomic(durable=True):
        pass  # raises RuntimeError inside another transaction
    source = _Hashed(BytesIO(data) if isinstance(data, bytes) else data)
    size = store().put(Zone(thing.zone), thing.key, source)  # type: ignore[arg-type]  # a reader is all a store needs
    try:
        move(
            thing,
            ObjectState.STORED,
            by=by,
            size=size,
            sha256=source.hash.hexdigest(),
            stored_at=timezone.now(),
        )
    except Conflict:
        store().delete(Zone(thing.zone), thing.key)
        raise
    return thing


def read(thing: StoredObject) -> bytes:
    """All bytes of a stored object, checked against their SHA-256; raises Missing when they are gone or changed."""
    with open_object(thing) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != thing.sha256:
        raise Missing("The stored bytes are not the ones that were written.", "integrity")
    return data


def open_object(thing: StoredObject) -> BinaryIO:
    """A stream of a stored object's bytes; raises Missing once it is erased."""
    if thing.state != ObjectState.STORED:
        raise Missing("There is no such object.", "erased")
    try:
        return store().open(Zone(thing.zone), thing.key)
    except NoSuchObject:
        raise Missing("There is no such object.", "erased") from None


def erase(objects: Iterable[StoredObject], *, by: Actor, why: str) -> int:
    """Removes the bytes, sees that they are gone, then marks the rows; returns how many. Safe to run twice."""
    count = 0
    for thing in objects:
        if thing.state == ObjectState.ERASED:
            continue
        store().delete(Zone(thing.zone), thing.key)
        if store().exists(Zone(thing.zone), thing.key):
            raise RuntimeError("an object is still there after its deletion")
        move(thing, ObjectState.ERASED, by=by, why=why, erased_at=timezone.now())
        count += 1
    return count


class _Hashed:
    """A reader that hashes what passes through."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.hash = source, hashlib.sha256()

    def read(self, amount: int = -1, /) -> bytes:
        data = self.source.read(amount)
        self.hash.update(data)
        return data


def erase_donor(donor_id: UUID, *, by: Actor, why: str) -> dict[str, int]:
    """Erases every object of a donor in every zone, and looks again that each is gone; returns how many by zone."""
    erase(StoredObject.objects.filter(donor_id=donor_id).exclude(state=ObjectState.ERASED), by=by, why=why)
    gone = dict.fromkeys((zone.value for zone in Zone), 0)
    for zone, key in StoredObject.objects.filter(donor_id=donor_id).values_list("zone", "pk"):
        if store().exists(Zone(zone), str(key)):
            raise RuntimeError("an object is still there after its deletion")
        gone[zone] += 1
    return gone

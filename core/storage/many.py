"""Many objects at once: rows reserved together, bytes written by several threads, rows moved together afterwards."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.bulk import insert
from core.lifecycle import move_all
from core.storage import keys, sealed, work
from core.storage.models import StoredObject
from core.storage.store import AlreadyThere
from core.storage.zones import ObjectState, Zone


@dataclass(frozen=True)
class Draft:
    """Bytes that are to become an object, with the SHA-256 (hexadecimal) that they were found to have."""

    zone: Zone
    media_type: str
    data: bytes
    sha256: str


def reserve(drafts: Sequence[Draft], *, programme_id: UUID, donor_id: UUID | None) -> list[StoredObject]:
    """The objects' rows, before any of their bytes; from now on a withdrawal finds them."""
    things = [
        StoredObject(
            zone=draft.zone,
            programme_id=programme_id,
            donor_id=donor_id,
            media_type=draft.media_type,
            size=len(draft.data),
            sha256=draft.sha256,
        )
        for draft in drafts
    ]
    for thing in things:
        keys.give_key(thing)
    insert(StoredObject, things)
    return things


def begin(drafts: Sequence[Draft], things: Sequence[StoredObject], threads: Executor) -> list[Future[None]]:
    """Starts writing the bytes of reserved objects; never inside a transaction. No thread touches the database.

    A future's result raises StoreUnreachable, or Conflict where other bytes lie under the key.
    """
    with transaction.atomic(durable=True):
        pass  # raises RuntimeError inside another transaction
    return [threads.submit(_put, thing, draft.data) for draft, thing in zip(drafts, things, strict=True)]


def stored(things: Sequence[StoredObject], *, by: Actor) -> None:
    """Marks objects whose bytes are all written, in the caller's transaction with what names them.

    Raises Conflict when one was erased meanwhile: nothing may name any of them then until `take_back` or a second look.
    """
    move_all(things, ObjectState.STORED, by=by, stored_at=timezone.now())
    for thing in things:
        thing.data_key = None  # from here on it is opened by whoever may


def take_back(things: Iterable[StoredObject], *, by: Actor, why: str) -> None:
    """Erases objects that nothing names, also bytes that came after their object had been erased. Safe to run twice."""
    for thing in StoredObject.objects.filter(pk__in=[thing.pk for thing in things]):
        if thing.state == ObjectState.ERASED:
            work.remove(Zone(thing.zone), thing.key)
        else:
            work.erase([thing], by=by, why=why)


def _put(thing: StoredObject, data: bytes) -> None:
    try:
        sealed.put(thing, BytesIO(data))
    except AlreadyThere:
        work.check_same(thing, data)

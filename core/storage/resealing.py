"""Objects from before: plain ones are sealed, and data keys under an older store key are wrapped anew."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from core import sealing
from core.storage import keys, sealed
from core.storage.envelope import damaged
from core.storage.models import StoredObject
from core.storage.store import NoSuchObject, store
from core.storage.zones import ObjectState, Zone


def older_keys() -> QuerySet[StoredObject]:
    """Objects whose data key is not wrapped as it would be today: under an older store key, or for more to open."""
    return StoredObject.objects.exclude(sealed_key=None).exclude(keys.of_today())


def unsealed() -> QuerySet[StoredObject]:
    """Stored objects whose bytes are plain, or may be."""
    stored = StoredObject.objects.filter(state=ObjectState.STORED)
    return stored.filter(sealed_key=None) | stored.filter(was_plain=True)


def wrap_anew(thing: StoredObject) -> bool:
    """The object's data key under today's store key; none of its bytes is touched. Raises KeyAbsent."""
    anew = keys.wrapped(keys.unwrapped(thing), thing.zone, thing.pk)
    # By compare-and-set: what is erased meanwhile gets no key back.
    return _set(thing, {"key_id": thing.key_id}, anew)


def seal(thing: StoredObject) -> bool:
    """Seals a stored object's plain bytes in their place; returns whether it did. Safe to be killed, and to run twice.

    The key comes first, and `was_plain` lets readers take either form until the bytes have been replaced. Raises
    Missing where the bytes are not the ones that were written: these stay as they are.
    """
    if thing.sealed_key is None:
        fresh = keys.wrapped(sealing.new_key(), thing.zone, thing.pk) | {"was_plain": True}
        if not _set(thing, {"sealed_key": None}, fresh):
            return False
    try:
        _check(thing)
        with sealed.open_bytes(thing) as stream:
            sealed.replace(thing, stream)
    except NoSuchObject:
        return False
    if _set(thing, {"was_plain": True}, {"was_plain": False}):
        return True
    if StoredObject.objects.filter(pk=thing.pk, state=ObjectState.ERASED).exists():
        store().delete(Zone(thing.zone), thing.key)  # erased meanwhile: nothing comes back
    return False


def _check(thing: StoredObject) -> None:
    if sealed.digest(thing) != thing.sha256:
        raise damaged()


def _set(thing: StoredObject, seen: dict[str, Any], columns: dict[str, Any]) -> bool:
    """Sets the columns if the row is as it was seen and not erased."""
    same = StoredObject.objects.filter(pk=thing.pk, **seen).exclude(state=ObjectState.ERASED)
    if not same.update(**columns):
        return False
    for name, value in columns.items():
        setattr(thing, name, value)
    return True


def all_of(rows: QuerySet[StoredObject]) -> Iterator[StoredObject]:
    """The rows by their id, a few at a time, each as it is when its turn comes."""
    after = None
    while True:
        piece = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:100])
        if not piece:
            return
        yield from piece
        after = piece[-1].pk

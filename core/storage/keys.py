"""The data keys of objects: one each, in the object's row, wrapped under the store's key for whoever may read it.

The wrapped key lies in the database and not beside the bytes. So a new store key means new wrappings and no byte
written anew; and with its row's key an object is gone from every copy of the store that anybody may still have.
"""

import hmac
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from core import sealing
from core.errors import Unavailable
from core.storage.rings import ONE_WAY, Lacking, Ring, read_ring
from core.storage.zones import Zone

#: Names the key of the object that a piece is part of, as what its own data key is sealed under.
WITHIN: Final = "within"


class KeyAbsent(Unavailable):
    """The key that wraps an object's data key is not among the ones that this process holds."""

    default_code = "no_store_key"


def absent() -> KeyAbsent:
    """What a reader is told, who can do nothing about it, and whoever looks after the registry, who can."""
    return KeyAbsent(
        "The registry cannot open what it stored: its key is not set here. Set DONARA_STORE_KEY, or "
        "DONARA_STORE_KEYS_OLD, to the one that was in use, or to what `manage.py store_keys` prints for this part."
    )


def give_key(thing: Any) -> None:
    """Gives a new object's row its key; none where the store is not to seal.

    The row in memory keeps the data key until the bytes are stored: so whoever makes an object can write it, also where
    only others can read.
    """
    if settings.OBJECT_STORE["sealed"]:
        thing.data_key = sealing.new_key()
        for column, value in wrapped(thing.data_key, thing.zone, thing.pk).items():
            setattr(thing, column, value)


def wrapped(data_key: bytes, zone: Zone | str, pk: UUID) -> dict[str, Any]:
    """The columns of an object's key, under the store key of today; raises KeyAbsent."""
    ring, zone = known()[0], Zone(zone)
    try:
        return {"sealed_key": ring.wrap(zone, pk, data_key), "key_id": ring.id_of(zone)}
    except Lacking:
        raise absent() from None


def unwrapped(thing: Any) -> bytes:
    """The data key of an object's row; raises KeyAbsent where none of the keys that are set opens it."""
    if thing.data_key is not None:
        return bytes(thing.data_key)
    if thing.key_id == WITHIN:
        return within(thing.part_of).unseal(thing)
    for ring in known():
        try:
            return ring.unwrap(Zone(thing.zone), thing.pk, bytes(thing.sealed_key), thing.key_id)
        except (Lacking, sealing.Unopened):
            continue
    raise absent()


def of_today() -> Q:
    """The rows whose data key is wrapped as it would be today; raises KeyAbsent without the keys of every zone."""
    ring = known()[0]
    try:
        ids = {zone: ring.id_of(zone) for zone in ONE_WAY}
    except Lacking:
        raise absent() from None
    found = Q(key_id=WITHIN) | (Q(key_id=ring.name) & ~Q(zone__in=ONE_WAY))
    for zone, key_id in ids.items():
        found |= Q(zone=zone, key_id=key_id)
    return found


@dataclass(frozen=True)
class Within:
    """The key under which an object holds the data keys of its pieces."""

    key: bytes

    def seal(self, data_key: bytes, piece: Any) -> bytes:
        """A piece's data key, for its row."""
        return sealing.seal(self.key, data_key, piece.pk.bytes)

    def unseal(self, piece: Any) -> bytes:
        """The data key in a piece's row; raises KeyAbsent where it is another object's."""
        try:
            return sealing.unseal(self.key, bytes(piece.sealed_key), piece.pk.bytes)
        except sealing.Unopened:
            raise absent() from None


def within(thing: Any) -> Within:
    """The key for an object's pieces, of which its data key is the source; raises KeyAbsent."""
    return Within(hmac.digest(unwrapped(thing), b"donara.pieces.1", "sha256"))


def about(thing: Any) -> bytes:
    """What an object's bytes are bound to: its place."""
    return f"donara.object.1\0{thing.zone}\0{thing.pk}".encode()


def known() -> list[Ring]:
    """What this process holds: of today's store key, then of older ones."""
    return [read_ring(each) for each in (settings.STORE_KEY, *settings.STORE_KEYS_OLD)]

"""The data keys of objects: one each, in the object's row, wrapped by a key of its zone under the store's key.

The wrapped key lies in the database and not beside the bytes. So a new store key means new wrappings and no byte
written anew; and with its row's key an object is gone from every copy of the store that anybody may still have.
"""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from django.conf import settings

from core import sealing
from core.errors import Unavailable
from core.storage.zones import Zone


class KeyAbsent(Unavailable):
    """The store key under which an object's data key was wrapped is not among the ones that are set."""

    default_code = "no_store_key"


def fresh(zone: Zone | str, pk: UUID) -> dict[str, Any]:
    """The columns of a new object's key; empty where the store is not to seal."""
    if not settings.OBJECT_STORE["sealed"]:
        return {}
    return wrapped(sealing.new_key(), zone, pk)


def wrapped(data_key: bytes, zone: Zone | str, pk: UUID) -> dict[str, Any]:
    """The columns of an object's key, under the store key of today."""
    store_key = _known()[0]
    return {
        "sealed_key": sealing.seal(_zone_key(store_key, zone), data_key, pk.bytes),
        "key_id": key_id(store_key),
    }


def unwrapped(thing: Any) -> bytes:
    """The data key of an object's row; raises KeyAbsent where none of the store keys that are set opens it."""
    for store_key in _known():
        if key_id(store_key) == thing.key_id:
            try:
                return sealing.unseal(_zone_key(store_key, thing.zone), bytes(thing.sealed_key), thing.pk.bytes)
            except sealing.Unopened:
                break
    raise KeyAbsent(
        "The registry cannot open what it stored: its key is not set. Set DONARA_STORE_KEY, or DONARA_STORE_KEYS_OLD, "
        "to the one that was in use."
    )


def today() -> str:
    """Names the store key under which new data keys are wrapped."""
    return key_id(_known()[0])


def key_id(store_key: bytes) -> str:
    """Names a store key without saying anything of it."""
    return hashlib.sha256(b"donara.store-key-id.1" + store_key).hexdigest()[:16]


def about(thing: Any) -> bytes:
    """What an object's bytes are bound to: its place."""
    return f"donara.object.1\0{thing.zone}\0{thing.pk}".encode()


def _known() -> list[bytes]:
    """Today's store key, then older ones."""
    return [bytes.fromhex(each) for each in (settings.STORE_KEY, *settings.STORE_KEYS_OLD)]


def _zone_key(store_key: bytes, zone: Zone | str) -> bytes:
    return hmac.digest(store_key, f"donara.zone-key.1\0{zone}".encode(), "sha256")

"""The bytes of objects' rows, sealed on their way into the store and opened on their way out."""

import hashlib
from typing import Any, BinaryIO, cast

from core.errors import Missing
from core.storage import envelope, keys
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.zones import Zone


def put(thing: StoredObject, source: Any) -> None:
    """Stores what `source` holds under the object's key; raises what the store's `put` raises."""
    store().put(Zone(thing.zone), thing.key, _outward(thing, source))


def replace(thing: StoredObject, source: Any) -> None:
    """Stores the sealed form of what `source` holds in place of the bytes that lie there."""
    store().replace(Zone(thing.zone), thing.key, _outward(thing, source))


def open_bytes(thing: StoredObject) -> BinaryIO:
    """A stream of the object's plain bytes; raises NoSuchObject, and Missing where they were changed.

    Bytes are sealed wherever the row has a key: plain ones do not pass for them, unless they are being sealed now.
    """
    stream = store().open(Zone(thing.zone), thing.key)
    if thing.sealed_key is None:
        return stream
    try:
        opened = envelope.opened(stream, keys.unwrapped(thing), keys.about(thing))
        if thing.was_plain:
            cast(Any, opened).peek(1)
    except BaseException as error:
        stream.close()
        if thing.was_plain and isinstance(error, Missing):
            return store().open(Zone(thing.zone), thing.key)
        raise
    return opened


def digest(thing: StoredObject) -> str:
    """SHA-256 in hex of the object's plain bytes, as they lie in the store; raises as `open_bytes` does."""
    with open_bytes(thing) as stream:
        # Streams of every store can read into a buffer; the type of what they are does not say so.
        return hashlib.file_digest(cast(Any, stream), "sha256").hexdigest()


def start_of(thing: StoredObject, size: int) -> bytes:
    """The first `size` plain bytes; raises as `open_bytes` does."""
    zone = Zone(thing.zone)
    if thing.sealed_key is None:
        return store().start(zone, thing.key, size)
    sealed = store().start(zone, thing.key, envelope.length_of_start(size))
    try:
        return envelope.opened_start(sealed, size, keys.unwrapped(thing), keys.about(thing))
    except Missing:
        if thing.was_plain:
            return sealed[:size]
        raise


def _outward(thing: StoredObject, source: Any) -> BinaryIO:
    if thing.sealed_key is None:
        return cast(BinaryIO, source)
    return cast(BinaryIO, envelope.Sealing(source, keys.unwrapped(thing), keys.about(thing)))

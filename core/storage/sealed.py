"""The bytes of objects' rows, sealed on their way into the store and opened on their way out."""

import hashlib
from functools import partial
from typing import Any, BinaryIO, cast

from core.errors import Missing
from core.storage import envelope, keys
from core.storage.joined import joined
from core.storage.models import StoredObject
from core.storage.store import NoSuchObject, store
from core.storage.zones import Zone


def put(thing: StoredObject, source: Any) -> None:
    """Stores what `source` holds under the object's key; raises what the store's `put` raises."""
    store().put(Zone(thing.zone), thing.key, _outward(thing, source))


def replace(thing: StoredObject, source: Any) -> None:
    """Stores the sealed form of what `source` holds in place of the bytes that lie there."""
    store().replace(Zone(thing.zone), thing.key, _outward(thing, source))


def open_bytes(thing: StoredObject) -> BinaryIO:
    """A stream of the object's plain bytes; raises NoSuchObject, and Missing where they were changed.

    Where it has pieces, one at a time is in memory, and raises when it is reached.
    """
    if not thing.piece_count:
        return _own_bytes(thing)
    pieces = sorted(thing.pieces.all(), key=lambda piece: piece.start or 0)
    if len(pieces) != thing.piece_count:
        raise envelope.damaged()
    own = (thing.size or 0) - sum(piece.size or 0 for piece in pieces)
    return joined([*((piece.size or 0, partial(_read, piece)) for piece in pieces), (own, partial(_read, thing))])


def _read(thing: StoredObject) -> bytes:
    try:
        with _own_bytes(thing) as stream:
            return stream.read()
    except NoSuchObject:
        raise envelope.damaged() from None


def _own_bytes(thing: StoredObject) -> BinaryIO:
    """What lies under the object's own key.

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
    if thing.piece_count:
        first = min(thing.pieces.all(), key=lambda piece: piece.start or 0, default=thing)
        if first.start == 0 and size <= (first.size or 0):
            return start_of(first, size)
        with open_bytes(thing) as stream:
            return stream.read(size)
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

"""Objects that begin with others' bytes, so that a file which came in parts is not written a second time.

Such an object's own bytes are its end; its pieces lie before them, each an object where it was put. From the moment
that they are joined the pieces' data keys are sealed for the object's own, so whoever may open it opens them, wherever
they lie, and nobody else does: also not the process that put them there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from django.conf import settings

from core.actors import Actor
from core.errors import Conflict
from core.storage import keys
from core.storage.models import StoredObject
from core.storage.work import Written, mark_stored
from core.storage.zones import ObjectState

#: The code of a joining that came to nothing because a piece is not what it was when it was read.
PIECE_CHANGED: Final = "piece_changed"
#: Pieces of an object at most, each of which is a request for whoever reads it. Parts of 8 MiB make 4 GiB of it.
MOST: Final = 512


@dataclass(frozen=True)
class Front:
    """What an object is to begin with: stored objects in their order, and each one's data key, sealed for it."""

    pieces: Sequence[StoredObject]
    keys: Sequence[bytes]


def can_front(pieces: Sequence[StoredObject]) -> bool:
    """Whether these may become pieces: only what is sealed can be shut for those who could read it where it lies."""
    are_sealed = settings.OBJECT_STORE["sealed"] and all(each.sealed_key and not each.was_plain for each in pieces)
    return bool(are_sealed) and len(pieces) <= MOST


def front(thing: StoredObject, pieces: Sequence[StoredObject]) -> Front:
    """The beginning of a reserved object that this process is about to put, or no beginning; raises KeyAbsent."""
    if not pieces:
        return Front((), ())
    key = keys.within(thing)
    return Front(pieces, [key.seal(keys.unwrapped(piece), piece) for piece in pieces])


def join(thing: StoredObject, ahead: Front, whole: Written, *, by: Actor) -> None:
    """Marks an object as stored with what lies before its own bytes, if anything, in the caller's transaction.

    `whole` is what was read of all of it. Raises Conflict when a piece was erased, joined or wrapped anew meanwhile,
    and as `mark_stored`.
    """
    if ahead.pieces:
        _place(thing, ahead)
    mark_stored(thing, whole, by=by, pieces=len(ahead.pieces))


def _place(thing: StoredObject, ahead: Front) -> None:
    seen = {piece.pk: piece.key_id for piece in ahead.pieces}
    rows = StoredObject.objects.filter(pk__in=seen, state=ObjectState.STORED, part_of=None)
    still = {row.pk: row for row in rows.order_by("pk").select_for_update() if row.key_id == seen[row.pk]}
    if len(still) != len(seen):
        raise Conflict("A part of this file was changed meanwhile. Send this part once more.", PIECE_CHANGED)
    starts = accumulate((piece.size or 0 for piece in ahead.pieces), initial=0)
    for piece, start, key in zip(ahead.pieces, starts, ahead.keys, strict=False):
        row = still[piece.pk]
        row.part_of, row.start, row.sealed_key, row.key_id = thing, start, key, keys.WITHIN
        row.damage, row.damaged_at = "", None  # it was read just now
    StoredObject.objects.bulk_update(
        still.values(), ["part_of", "start", "sealed_key", "key_id", "damage", "damaged_at"], batch_size=500
    )

"""Erases what died half way: objects that were reserved and never finished, and bytes that came after their erasure."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from core.actors import SystemActor
from core.due.places import next_piece
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import erase, remove
from core.storage.zones import ObjectState, Zone

REAPER = SystemActor("reaper")
#: No write takes as long: whoever reserved the object is dead.
UNFINISHED = timedelta(hours=24)
#: For so long after an object was erased unwritten, its writer may yet have put its bytes and died before it was told.
LATE = timedelta(hours=48)
#: Where the last run stopped, so that each is looked at in its turn.
PLACE: Final = "storage.reap"


def reap(limit: int = 200) -> int:
    """Erases up to `limit` objects of each sort; returns how many. Safe to run twice at once."""
    now = timezone.now()
    unfinished = StoredObject.objects.filter(state=ObjectState.RESERVED, created_at__lt=now - UNFINISHED)
    count = erase(unfinished[:limit], by=REAPER, why="unfinished")
    for thing in _next_unwritten(limit):
        if store().holds(Zone(thing.zone), thing.key):
            remove(Zone(thing.zone), thing.key)
            count += 1
    return count


def _next_unwritten(limit: int) -> list[StoredObject]:
    """The next that were erased unwritten; after the last, the first again."""
    late = StoredObject.objects.filter(state=ObjectState.ERASED, stored_at=None, erased_at__gt=timezone.now() - LATE)
    return next_piece(PLACE, late, limit)

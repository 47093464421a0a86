"""Bytes that no row answers for, found and erased on a schedule, a zone a turn."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone

from core.due.kinds import kind
from core.due.queue import ask_missing
from core.storage.check import BATCH, batches, key_as_id
from core.storage.models import Orphan, StoredObject
from core.storage.reap import UNFINISHED
from core.storage.store import store
from core.storage.work import remove
from core.storage.zones import ObjectState, Zone

PAUSE: Final = timedelta(days=1)
#: Bytes without any row are erased only so long after they were first seen: rows come first, so this never happens by
#: itself, but after an older database was played back it does.
KEPT: Final = timedelta(days=14)
#: Where more than these have no row, somebody's database is missing rows, or two share a store: nothing is erased.
MOST: Final = 100
SUBJECTS: Final = {UUID(int=number): zone for number, zone in enumerate(Zone, 1)}
log = structlog.get_logger(__name__)


def search(subject: UUID) -> datetime:
    """Looks through one zone; returns when it is due again. Safe while people work, and to run twice at once.

    An object that is being written has its row already, so it is no orphan. Keys that are not ids are not ours: they
    stay, and manage.py check_store names them.
    """
    zone = SUBJECTS[subject]
    begun = timezone.now()
    for keys in batches(store().keys(zone)):
        ids = [each for each in map(key_as_id, keys) if each]
        rows = dict(StoredObject.objects.filter(zone=zone, pk__in=ids).values_list("pk", "state"))
        _erase(zone, [each for each in ids if rows.get(each) == ObjectState.ERASED])
        _note(zone, [each for each in ids if each not in rows], begun)
    Orphan.objects.filter(zone=zone, seen_at__lt=begun).delete()  # they have gone, or have their row again
    _erase_old(zone)
    store().tidy(zone, begun - UNFINISHED)
    return timezone.now() + PAUSE


def _note(zone: Zone, ids: Iterable[UUID], at: datetime) -> None:
    """Remembers when each was first seen, and that it was seen now."""
    rows = [Orphan(zone=zone, key=each, first_seen_at=at, seen_at=at) for each in ids]
    Orphan.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["zone", "key"], update_fields=["seen_at"]
    )


def _erase_old(zone: Zone) -> None:
    found = Orphan.objects.filter(zone=zone)
    if found.count() > MOST:
        log.warning("many objects without a row: none was erased", zone=zone.value)
        return
    old = list(found.filter(first_seen_at__lt=timezone.now() - KEPT).values_list("key", flat=True))
    _erase(zone, old)
    found.filter(key__in=old).delete()


def _erase(zone: Zone, ids: Iterable[UUID]) -> None:
    for each in ids:
        # Asked again just before: a row may have come back with a database that was put right.
        if not StoredObject.objects.filter(pk=each).exclude(state=ObjectState.ERASED).exists():
            remove(zone, str(each))


SEARCH = kind("storage.orphans", search)


def sweep() -> int:
    """Sees that every zone is looked through."""
    return ask_missing(SEARCH, SUBJECTS) if settings.STORE_SEARCHES else 0

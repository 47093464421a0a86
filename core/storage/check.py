"""Compares the store with its rows: bytes that no row answers for, and rows whose bytes are gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.utils import timezone

from core.storage.models import StoredObject
from core.storage.reap import UNFINISHED
from core.storage.store import store
from core.storage.work import remove
from core.storage.zones import ObjectState, Zone

BATCH = 500


@dataclass
class Findings:
    """What one zone's comparison found, by key: `orphans` have bytes and no row, `missing` have a row and no bytes."""

    zone: Zone
    checked: int = 0
    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def compare(zone: Zone) -> Findings:
    """Looks at every object of a zone; safe while the registry runs, as a row comes before its bytes."""
    found = Findings(zone)
    seen: set[UUID] = set()
    for keys in batches(store().keys(zone)):
        found.checked += len(keys)
        ids = {key: key_as_id(key) for key in keys}
        living = StoredObject.objects.filter(zone=zone, pk__in=[each for each in ids.values() if each])
        known = set(living.exclude(state=ObjectState.ERASED).values_list("pk", flat=True))
        found.orphans += [key for key, each in ids.items() if each not in known]
        seen |= known
    stored = StoredObject.objects.filter(zone=zone, state=ObjectState.STORED).values_list("pk", flat=True)
    for pk in stored.iterator():
        if pk not in seen and not store().exists(zone, str(pk)) and _still_stored(pk):
            found.missing.append(str(pk))
    return found


def clear(found: Findings, older_than: timedelta = UNFINISHED) -> int:
    """Erases the orphans, and what unfinished writes left that long ago; returns how many."""
    for key in found.orphans:
        remove(found.zone, key)
    return len(found.orphans) + store().tidy(found.zone, timezone.now() - older_than)


def _still_stored(pk: UUID) -> bool:
    return StoredObject.objects.filter(pk=pk, state=ObjectState.STORED).exists()


def batches(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys, BATCH at a time."""
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def key_as_id(key: str) -> UUID | None:
    """The row's id that a key stands for: only its canonical spelling is one of ours."""
    try:
        return UUID(key) if str(UUID(key)) == key else None
    except ValueError:
        return None

"""Stored objects of a programme that are damaged or lost, and which versions hold them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from core.storage.whole import damaged_objects
from core.storage.zones import Damage, Zone
from registry.models import DatasetVersion, VersionEntry

MOST = 500


@dataclass(frozen=True)
class Damaged:
    """One object by its id: in which zone, `since` when it is known to be damaged, and the versions that hold it."""

    key: UUID
    zone: Zone
    damage: Damage
    is_manifest: bool
    since: datetime | None
    versions: tuple[DatasetVersion, ...]


def damaged_in(programme_ids: Iterable[UUID]) -> list[Damaged]:
    """Those of these programmes, newest first, MOST at most; nothing in them says whose an object is."""
    rows = damaged_objects().filter(programme_id__in=list(programme_ids)).order_by("-damaged_at", "pk")[:MOST]
    found = {row.pk: row for row in rows}
    lists = {version.manifest_id: version for version in _versions().filter(manifest__in=found)}
    held = _held(found)
    return [
        Damaged(
            key=row.pk,
            zone=Zone(row.zone),
            damage=Damage(row.damage),
            is_manifest=row.pk in lists,
            since=row.damaged_at,
            versions=tuple(held[row.pk]) + ((lists[row.pk],) if row.pk in lists else ()),
        )
        for row in found.values()
    ]


def _versions() -> QuerySet[DatasetVersion]:
    return DatasetVersion.objects.select_related("dataset").order_by("pk")


def _held(keys: Collection[UUID]) -> dict[UUID, list[DatasetVersion]]:
    """By the object of an image: the versions that have it now; tombstones hold nothing."""
    pairs = VersionEntry.objects.filter(image__stored__in=keys, tombstoned_at=None).order_by("version_id")
    found: dict[UUID, list[DatasetVersion]] = defaultdict(list)
    rows = list(pairs.values_list("image__stored_id", "version_id"))
    versions = {version.pk: version for version in _versions().filter(pk__in={version_id for _, version_id in rows})}
    for key, version_id in rows:
        found[key].append(versions[version_id])
    return found

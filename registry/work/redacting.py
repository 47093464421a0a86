"""Puts a manifest with tombstones in place of a closed version's own, once images of it are erased."""

from django.db import transaction

from core.actors import Actor
from core.canonical import sha256_hex
from core.errors import Conflict
from core.storage import work as storage
from core.storage.zones import Zone
from registry.models import DatasetVersion
from registry.rules.manifest import MEDIA_TYPE, Row, Tombstone, manifest_bytes
from registry.work.freezing import about, entry_rows
from registry.work.loose import hold_manifest


def redact_manifest(version: DatasetVersion, by: Actor) -> None:
    """Puts a manifest with tombstones in place of the frozen one, whose digest stays on record; the old bytes go."""
    old = version.manifest
    if old is None:
        return
    if sha256_hex(_redacted(version)) == old.sha256:
        return
    new = storage.reserve(Zone.CLEAN, programme_id=version.programme_id, donor_id=None, media_type=MEDIA_TYPE)
    # Read anew: whoever withdraws from here on finds the reserved row.
    storage.write(new, _redacted(version), by=by)
    with transaction.atomic():
        mine = DatasetVersion.objects.filter(pk=version.pk, manifest=old)
        is_placed = hold_manifest(new) and mine.update(manifest=new)
    if not is_placed:
        storage.erase([new], by=by, why="superseded")
        if DatasetVersion.objects.filter(pk=version.pk, manifest=old).exists():
            raise Conflict("A withdrawal has just taken this list of files.", "changed")
        return
    storage.erase([old], by=by, why=version.closed_reason)


def _redacted(version: DatasetVersion) -> bytes:
    entries = version.entries.select_related("image").order_by("position")
    rows: list[Row | Tombstone] = []
    for entry, row in zip(entries, entry_rows(entries, version.dataset_id), strict=True):
        rows.append(Tombstone(entry.path, entry.sha256) if entry.tombstoned_at else row)
    head = {**about(version), "digest_when_frozen": version.digest, "closed": version.closed_reason}
    return manifest_bytes(head, rows)

"""Freezes a version: chooses its images, writes its manifest, makes it immutable; killed anywhere, starts again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consent.work import remember, take_tally
from core.actors import SystemActor
from core.bulk import insert
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import Zone
from registry.models import DatasetVersion, Image, VersionEntry
from registry.queries.access import donors_in
from registry.queries.batches import waits_until
from registry.queries.datasets import selected_images
from registry.queries.sharing import in_one_part
from registry.rules import selection
from registry.rules.keyed import keyed
from registry.rules.lifecycle import ImageState, VersionState
from registry.rules.manifest import MEDIA_TYPE, Row, manifest_bytes
from registry.rules.split import METHOD, split_of
from registry.work.loose import hold_manifest

FREEZER = SystemActor("freezer")
LOOK_AGAIN = timedelta(days=1)


def freeze(version_id: UUID) -> datetime | None:
    """Takes a version from freezing to frozen; again at once when a donor left meanwhile. Safe to run twice at once.

    One that follows leavers or joiners waits until they are enough, or for long enough: rules/batches.py. It is looked
    at once a day, for nobody tells it of joiners.
    """
    version = DatasetVersion.objects.select_related("dataset").filter(pk=version_id).first()
    if version is None or version.state != VersionState.FREEZING:
        return None
    if until := waits_until(version):
        return min(until, timezone.now() + LOOK_AGAIN)
    if not _choose_entries(version):
        return None
    manifest = _write_manifest(version)
    if _seal(version, manifest):
        count_donors(version_id)
        return None
    storage.erase([manifest], by=FREEZER, why="superseded")
    return timezone.now()


def count_donors(version_id: UUID) -> None:
    """Today's count of a version's donors by their terms, from which researchers are answered."""
    version = DatasetVersion.objects.filter(pk=version_id, state=VersionState.FROZEN).first()
    if version is not None:
        take_tally(version.pk, donors_in(version), programme_id=version.programme_id)


def entry_rows(entries: Iterable[VersionEntry], dataset_id: UUID) -> list[Row]:
    """The manifest's rows; a donor appears under a code that holds in this dataset only."""
    return [
        Row(
            file=entry.path,
            sha256=entry.sha256,
            size=entry.size,
            split=entry.split,
            donor=subject_code(dataset_id, entry.donor_id),
            modality=entry.image.modality,
            labels=entry.labels,
            undefaced_head=entry.image.undefaced_head,
        )
        for entry in entries
    ]


def subject_code(dataset_id: UUID, donor_id: UUID) -> str:
    """The donor's code in one dataset: 16 hex digits that cannot be computed without the registry's key."""
    return keyed(settings.MASTER_KEY, "subject", dataset_id, donor_id)[:16]


def about(version: DatasetVersion) -> dict[str, object]:
    """The manifest's head."""
    return {
        "dataset": str(version.dataset_id),
        "title": version.dataset.title,
        "version": version.number,
        "rule": version.rule,
        "split_method": METHOD,
    }


def _choose_entries(version: DatasetVersion) -> bool:
    """Writes the version's entries once; False when the rule selects nothing, which closes the version."""
    with transaction.atomic():
        # Locks the version's row, so that of two workers one writes and the other finds them written.
        if not DatasetVersion.objects.filter(pk=version.pk, state=VersionState.FREEZING).update(state=F("state")):
            return False
        if version.entries.exists():
            return True
        rule = selection.parse(version.rule)
        images = selected_images(rule, version.programme_id)
        if rule.use is not None:
            remember(rule.use, version.programme_id)
        if not images:
            move(version, VersionState.CLOSED, by=FREEZER, why="empty", closed_reason="empty", closed_at=timezone.now())
            return False
        insert(VersionEntry, _entries(version, images))
    return True


def _entries(version: DatasetVersion, images: list[Image]) -> list[VersionEntry]:
    """In an order that says nothing about when an image came, nor which images belong together."""
    part = in_one_part(version.programme_id)
    images = sorted(images, key=lambda image: keyed(settings.MASTER_KEY, "order", version.pk, image.pk))
    return [
        VersionEntry(
            version=version,
            image=image,
            donor_id=image.donor_id,
            position=position,
            path=f"files/{image.pk}.dcm",
            sha256=image.sha256,
            size=image.size,
            split=split_of(part.get(image.donor_id, image.donor_id)),
            labels=image.labels,
        )
        for position, image in enumerate(images, 1)
    ]


def _write_manifest(version: DatasetVersion) -> StoredObject:
    # Reserved before the entries are read: whoever withdraws after that finds the row, and erases it.
    thing = storage.reserve(Zone.CLEAN, programme_id=version.programme_id, donor_id=None, media_type=MEDIA_TYPE)
    entries = version.entries.select_related("image").order_by("position")
    data = manifest_bytes(about(version), entry_rows(entries, version.dataset_id))
    storage.write(thing, data, by=FREEZER)
    return thing


def _seal(version: DatasetVersion, manifest: StoredObject) -> bool:
    """Makes the version immutable if all that it holds can be used; otherwise drops the entries, to start again."""
    with transaction.atomic():
        if not DatasetVersion.objects.filter(pk=version.pk, state=VersionState.FREEZING).update(state=F("state")):
            return False
        if not hold_manifest(manifest):
            return False
        entries = version.entries.all()
        gone = entries.exclude(image__state=ImageState.AVAILABLE).exists()
        if gone or not entries.exists():
            entries.delete()
            return False
        move(
            version,
            VersionState.FROZEN,
            by=FREEZER,
            digest=manifest.sha256,
            manifest=manifest,
            image_count=entries.count(),
            donor_count=entries.values("donor_id").distinct().count(),
            frozen_at=timezone.now(),
        )
    return True

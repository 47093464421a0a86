"""Finds what a kill or a lost signal left: uploads that broke off, versions to freeze, grants that ended."""

from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.utils import timezone

from core.actors import SystemActor
from core.errors import Conflict
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from registry.models import DatasetVersion, DonatedFile, Grant, UploadPart
from registry.rules.lifecycle import FileState, GrantState, VersionState
from registry.rules.manifest import MEDIA_TYPE

CLOCK = SystemActor("clock")
BROKEN_OFF = timedelta(days=1)
MOST = 200


def versions_to_freeze() -> list[UUID]:
    """Versions that are being frozen."""
    return list(DatasetVersion.objects.filter(state=VersionState.FREEZING).values_list("pk", flat=True)[:MOST])


def donations_with_removed_files() -> list[UUID]:
    """Donations with files that were removed and whose bytes are still there."""
    files = DonatedFile.objects.filter(state=FileState.REMOVED).exclude(stored__state=ObjectState.ERASED)
    return list(files.values_list("donation_id", flat=True).distinct()[:MOST])


def expire_grants() -> int:
    """Ends grants whose time is over; returns how many."""
    ended = 0
    over = Grant.objects.filter(state__in=[GrantState.OFFERED, GrantState.ACTIVE], expires_at__lte=timezone.now())
    for grant in over[:MOST]:
        try:
            move(grant, GrantState.EXPIRED, by=CLOCK, why="time")
            ended += 1
        except Conflict:
            continue  # someone else has just ended it
    return ended


def reap_broken_off() -> int:
    """Erases what an upload or a freezing left behind when it broke off, a day after; returns how many objects."""
    old = StoredObject.objects.filter(created_at__lt=timezone.now() - BROKEN_OFF).exclude(state=ObjectState.ERASED)
    uploads = (
        old.filter(zone__in=[Zone.INCOMING, Zone.QUARANTINE], part_of=None)
        .exclude(pk__in=DonatedFile.objects.values("stored_id"))
        .exclude(pk__in=UploadPart.objects.values("stored_id"))  # these have a sweep of their own
    )
    manifests = old.filter(zone=Zone.CLEAN, donor_id=None, media_type=MEDIA_TYPE).exclude(
        pk__in=DatasetVersion.objects.exclude(manifest=None).values("manifest_id")
    )
    # Each is looked at again when its turn comes: by then it may be a piece of a file.
    still = (each for pk in list(uploads.values_list("pk", flat=True)[:MOST]) for each in uploads.filter(pk=pk))
    return storage.erase(chain(still, manifests[:MOST]), by=CLOCK, why="broken_off")

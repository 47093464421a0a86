"""What workers do with donated files: read them, note what became of them, erase those that were removed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actors import Actor, SystemActor
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, VersionEntry
from registry.queries.donations import file
from registry.rules.lifecycle import DonationState, FileState

REGISTRAR = SystemActor("registrar")


def read_source(file_id: UUID) -> bytes:
    """A donated file's bytes as they came, checked against their SHA-256; raises Missing. For the cleaner only."""
    return storage.read(file(file_id).stored)


def read_image(entry: VersionEntry) -> bytes:
    """A clean image's bytes, checked against their SHA-256; raises Missing."""
    return storage.read(entry.image.stored)


def mark_cleaned(file_id: UUID, *, by: Actor) -> None:
    """A clean output of the file exists. Doing it twice changes nothing; Conflict once the file was removed."""
    _mark(file_id, FileState.CLEANED, "", by)


def mark_quarantined(file_id: UUID, reason: str, *, by: Actor) -> None:
    """The file cannot be used, for `reason` (a code). Doing it twice changes nothing."""
    _mark(file_id, FileState.QUARANTINED, reason, by)


def mark_duplicate(file_id: UUID, *, by: Actor) -> None:
    """The same picture was given before. Doing it twice changes nothing."""
    _mark(file_id, FileState.DUPLICATE, "", by)


def _mark(file_id: UUID, to: FileState, reason: str, by: Actor) -> None:
    found = file(file_id)
    if found.state != to:
        move(found, to, by=by, why=reason, reason=reason)


def settle(donation_id: UUID, *, by: Actor) -> bool:
    """Closes a submitted donation whose files have all been decided; returns whether it is settled now."""
    with transaction.atomic():
        donation = Donation.objects.get(pk=donation_id)
        open_files = donation.files.filter(state__in=[FileState.RECEIVED, FileState.HELD]).exists()
        if donation.state == DonationState.SUBMITTED and not open_files:
            move(donation, DonationState.SETTLED, by=by, settled_at=timezone.now())
        return donation.state == DonationState.SETTLED


def erase_removed(donation_id: UUID) -> datetime | None:
    """Erases the bytes of a donation's removed files. Safe to run twice."""
    removed = DonatedFile.objects.filter(donation_id=donation_id, state=FileState.REMOVED)
    objects = StoredObject.objects.filter(pk__in=removed.values("stored_id")).exclude(state=ObjectState.ERASED)
    storage.erase(objects, by=REGISTRAR, why="removed")
    return None

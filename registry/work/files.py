"""What workers do with donated files: read them, note what became of them, erase those that were removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actors import Actor, SystemActor
from core.errors import Missing, NotAllowed
from core.lifecycle import move, move_all
from core.storage import work as storage
from core.storage.envelope import damaged
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, Image, TakeoutFile, VersionEntry
from registry.queries.given import sent_back
from registry.queries.takeouts import copies
from registry.rules.giving_back import NOT_COPIED
from registry.rules.leaving import Way, may_go
from registry.rules.lifecycle import DonationState, FileState, ImageState
from registry.work.takeouts import erase_copies

REGISTRAR = SystemActor("registrar")


def read_image(entry: VersionEntry, *, way: Way) -> bytes:
    """A clean image's bytes, checked against their SHA-256, for the way that they are to take.

    Raises Missing, also once it was recalled or withdrawn, and NotAllowed for an image that may not take that way.
    """
    return storage.read(_leaving(entry.image_id, way))


def open_image(image_id: UUID, *, way: Way) -> BinaryIO:
    """The same as a stream, whose SHA-256 its reader compares."""
    return storage.open_object(_leaving(image_id, way))


def _leaving(image_id: UUID, way: Way) -> StoredObject:
    """The object that a clean image lies in, if its bytes may take this way now."""
    image = Image.objects.filter(pk=image_id, state=ImageState.AVAILABLE).select_related("stored").first()
    if image is None:
        raise Missing("This image cannot be used any more.", "stopped")
    if not may_go(undefaced_head=image.undefaced_head, way=way):
        raise NotAllowed("A face could be made of this image, so it is used inside the sandbox only.", "undefaced_head")
    return image.stored


def open_sent(donor_id: UUID, file_id: UUID) -> BinaryIO:
    """A file as it was sent, for the donor who sent it and nobody else, out of the copies that were made for them.

    Raises Missing where they may not have it, where no copy was made (NOT_COPIED), and where its bytes are damaged.
    """
    if not sent_back(donor_id).filter(pk=file_id).exists():
        raise Missing("There is no such file.", "stopped")
    copy = copies(donor_id).filter(file=file_id).select_related("stored").first()
    if copy is None:
        raise Missing("No copy of this file has been made yet.", NOT_COPIED)
    if copy.stored is None:
        raise damaged()
    return storage.open_object(copy.stored)


def mark_cleaned(*file_ids: UUID, by: Actor) -> None:
    """Clean outputs of the files exist. Doing it twice changes nothing; Conflict once one of them was removed."""
    _mark(file_ids, FileState.CLEANED, "", by)


def mark_quarantined(*file_ids: UUID, reason: str, by: Actor) -> None:
    """The files cannot be used, for `reason` (a code). Doing it twice changes nothing."""
    _mark(file_ids, FileState.QUARANTINED, reason, by)


def mark_duplicate(*file_ids: UUID, by: Actor) -> None:
    """The same pictures were given before. Doing it twice changes nothing."""
    _mark(file_ids, FileState.DUPLICATE, "", by)


def _mark(file_ids: Sequence[UUID], to: FileState, reason: str, by: Actor) -> None:
    """All of the files or none."""
    found = list(DonatedFile.objects.filter(pk__in=file_ids))
    if len(found) != len(file_ids):
        raise Missing("There is no such file.")
    move_all([file for file in found if file.state != to], to, by=by, why=reason, reason=reason)


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
    erase_copies(TakeoutFile.objects.filter(file__in=removed), by=REGISTRAR, why="removed")
    return None

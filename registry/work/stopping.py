"""Stops all use of a donor's images at once, in the transaction of their withdrawal; the duties then finish it."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.actors import Actor
from core.lifecycle import move
from registry.models import Dataset, DatasetVersion, Donation, Image, VersionEntry
from registry.queries.datasets import versions_holding
from registry.rules.lifecycle import DONATION_TRANSITIONS, DonationState, ImageState, VersionState
from registry.signals import version_closed
from registry.work.minting import hold, mint
from registry.work.sending import end_sending

REASON = "withdrawal"


def stop_use(donor_id: UUID, *, by: Actor) -> list[DatasetVersion]:
    """Images withdrawn, donations ended, entries made tombstones, versions closed; returns the successors to freeze.

    Safe to run twice.
    """
    with transaction.atomic():
        withdraw_images(donor_id, by=by)
        end_donations(donor_id, by=by)
        return close_versions(donor_id, by=by)


def withdraw_images(donor_id: UUID, *, by: Actor) -> int:
    """Every image of the donor that could be used is withdrawn; returns how many were."""
    images = Image.objects.filter(donor_id=donor_id, state__in=[ImageState.AVAILABLE, ImageState.RECALLED])
    for image in list(images):
        move(image, ImageState.WITHDRAWN, by=by, why=REASON, withdrawn_at=timezone.now())
    return Image.objects.filter(donor_id=donor_id).count()


def end_donations(donor_id: UUID, *, by: Actor) -> None:
    """Ends the donor's donations, whatever state they were in."""
    for donation in Donation.objects.filter(donor_id=donor_id):
        if DonationState.WITHDRAWN in DONATION_TRANSITIONS[DonationState(donation.state)]:
            move(donation, DonationState.WITHDRAWN, by=by, why=REASON, question="")
        end_sending(donation.pk, by=by, why=REASON)


def close_versions(donor_id: UUID, *, by: Actor) -> list[DatasetVersion]:
    """Makes the donor's entries tombstones and closes the versions that hold them; returns versions to freeze instead.

    A version that is not frozen yet loses its entries and is chosen anew.
    """
    to_freeze = {}
    for version in versions_holding(donor_id).order_by(
        "pk"
    ):  # always in one order, so that two never wait for each other
        # Locks the row against a worker that is about to freeze it.
        DatasetVersion.objects.filter(pk=version.pk).update(state=F("state"))
        version.refresh_from_db()
        if version.state == VersionState.FREEZING:
            version.entries.all().delete()
            to_freeze[version.dataset_id] = version
            continue
        mine = VersionEntry.objects.filter(version=version, donor_id=donor_id)
        mine.filter(tombstoned_at=None).update(tombstoned_at=timezone.now(), labels={})
        if version.state == VersionState.FROZEN:
            close(version, REASON, by=by)
    for dataset in Dataset.objects.filter(pk__in=versions_holding(donor_id).values("dataset_id")).order_by("pk"):
        hold(dataset)
        successor = to_freeze.get(dataset.pk) or successor_to_freeze(dataset, by=by)
        if successor is not None:
            to_freeze[dataset.pk] = successor
    return list(to_freeze.values())


def close(version: DatasetVersion, reason: str, *, by: Actor) -> None:
    """Closes a frozen version to new use for a reason (a code), and tells the apps above."""
    move(version, VersionState.CLOSED, by=by, why=reason, closed_reason=reason, closed_at=timezone.now())
    version_closed.send(sender=DatasetVersion, version_id=version.pk, reason=reason)


def successor_to_freeze(dataset: Dataset, *, by: Actor) -> DatasetVersion | None:
    """The version that takes the place of closed ones: being frozen, or new; None where none is missing."""
    newest = dataset.versions.exclude(closed_reason="empty").order_by("-major", "-minor", "-patch").first()
    if newest is None or newest.state == VersionState.FROZEN:
        return None
    if newest.state == VersionState.FREEZING:
        return newest
    if dataset.versions.filter(made_from=newest, closed_reason="empty").exists():
        return None  # nothing is left to make a version of
    return mint(dataset, "major", reason=REASON, by=by, made_from=newest)

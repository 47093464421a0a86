"""What follows from a report: images out of reach, versions closed, holders told; after a confirmation, all erased."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.actors import Actor, SystemActor
from core.lifecycle import move, move_all
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DatasetVersion, IdentityReport, Image, RecallStep, ReportedImage, VersionEntry
from registry.queries.recall import condemned_files, images_of, versions_of
from registry.rules.lifecycle import ImageState, ReportState, VersionState
from registry.rules.recall import Scope, Seen
from registry.signals import identity_reported
from registry.work.redacting import redact_manifest
from registry.work.stopping import close
from registry.work.telling import tell_holders, tell_staff

RECALLER = SystemActor("recaller")
REASON = "recall"


def stop(report: IdentityReport, named: Iterable[Image], *, by: Actor) -> None:
    """Puts what the report names out of reach, in the caller's transaction. Safe to run twice, and by two at once.

    `named`: images that it names, besides those that it stops already; the scope adds the rest of their series.
    """
    _note(report, list(named))
    # Locked in one order, so that of two reports on one image the second finds what the first has done.
    images = list(images_of(report).select_for_update())
    available = [image for image in images if image.state == ImageState.AVAILABLE]
    move_all(available, ImageState.RECALLED, by=by, why=REASON)
    _close_versions(report, by)
    tell_holders(report)
    identity_reported.send(sender=IdentityReport, report_id=report.pk)


def widen(report: IdentityReport, *, by: Actor) -> None:
    """Takes in the whole series of each image of a report; what a device writes once it writes on every image."""
    report.scope = Scope.SERIES
    stop(report, images_of(report), by=by)


def follow(report_id: UUID) -> datetime | None:
    """Does what is still missing of what a report asks for. Safe to run twice at once."""
    report = IdentityReport.objects.filter(pk=report_id).exclude(state=ReportState.DISMISSED).first()
    if report is None:
        return None
    with transaction.atomic():
        stop(report, (), by=RECALLER)
        if report.state == ReportState.CONFIRMED:
            bury(report)
    if report.state == ReportState.CONFIRMED:
        _erase(report)
    return None


def bury(report: IdentityReport) -> None:
    """Makes tombstones of the entries of a confirmed report's images, in the caller's transaction."""
    entries = VersionEntry.objects.filter(image__in=images_of(report).order_by(), tombstoned_at=None)
    entries.exclude(version__state=VersionState.FREEZING).update(tombstoned_at=timezone.now(), labels={})


def note_followed(report_id: UUID, what: str, subject_id: UUID) -> None:
    """Notes once that something followed from a report, for its page."""
    RecallStep.objects.get_or_create(report_id=report_id, what=what, subject_id=subject_id)


def recall_found(file_ids: Iterable[UUID], *, programme_id: UUID, recheck_id: UUID, by: Actor) -> UUID | None:
    """Recalls the images of these donated files, in which a recheck found something; returns its report, if any.

    One open report a recheck; what it has found already changes nothing. Runs in a transaction of its own.
    """
    images = Image.objects.filter(file_id__in=list(file_ids), programme_id=programme_id)
    usable = images.filter(state__in=[ImageState.AVAILABLE, ImageState.RECALLED])
    usable = usable.exclude(pk__in=condemned_files().values("pk"))
    with transaction.atomic():
        if not usable.exists():
            return None
        report = _report_of(programme_id, recheck_id)
        stop(report, usable, by=by)
        tell_staff(report)
        return report.pk


def _report_of(programme_id: UUID, recheck_id: UUID) -> IdentityReport:
    key = {"recheck_id": recheck_id, "state": ReportState.OPEN}
    try:
        with transaction.atomic():
            found, _ = IdentityReport.objects.get_or_create(
                **key, defaults={"programme_id": programme_id, "seen": Seen.OTHER}
            )
    except IntegrityError:
        found = IdentityReport.objects.get(**key)
    return found


def _note(report: IdentityReport, named: list[Image]) -> None:
    """Rows for the named images and, by the report's scope, for the rest of their series."""
    if not named:
        return
    around = Q(pk__in=[image.pk for image in named])
    if report.scope == Scope.SERIES:
        for donor_id, series_uid in {(image.donor_id, image.series_uid) for image in named}:
            around |= Q(donor_id=donor_id, series_uid=series_uid)
    mine = {image.pk for image in named}
    found = Image.objects.filter(around, programme_id=report.programme_id).order_by("pk")
    ReportedImage.objects.bulk_create(
        [ReportedImage(report=report, image=image, is_named=image.pk in mine) for image in found],
        ignore_conflicts=True,
        batch_size=500,
    )


def _close_versions(report: IdentityReport, by: Actor) -> None:
    """Closes the frozen versions that hold one of the images; one that is being frozen is chosen anew without them."""
    for version in versions_of(report):
        # Locks the row against a worker that is about to freeze it.
        DatasetVersion.objects.filter(pk=version.pk).update(state=F("state"))
        version.refresh_from_db()
        if version.state == VersionState.FREEZING:
            version.entries.all().delete()
        elif version.state == VersionState.FROZEN:
            close(version, REASON, by=by)
            note_followed(report.pk, "version_closed", version.pk)


def _erase(report: IdentityReport) -> None:
    """Erases the images' bytes and takes them out of the manifests; a withdrawal sees to its own."""
    images = images_of(report).filter(state=ImageState.RECALLED)
    objects = StoredObject.objects.filter(pk__in=images.order_by().values("stored_id"))
    storage.erase(objects.exclude(state=ObjectState.ERASED), by=RECALLER, why=REASON)
    for image in images:
        move(image, ImageState.ERASED, by=RECALLER, why=REASON, labels={})
    for version in versions_of(report).exclude(state=VersionState.FREEZING):
        redact_manifest(version, RECALLER)
    note_followed(report.pk, "images_erased", report.pk)

"""The registry's duties in a withdrawal: each looks at what is, does what is missing, and shows that it is done."""

from uuid import UUID

from django.utils import timezone

from consent.rules.duties import NotYet, Proof
from core.actors import Actor
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DatasetVersion, DonatedFile, IdentityReport, Image, UseNews, VersionEntry
from registry.queries.batches import waits_until
from registry.queries.datasets import versions_holding
from registry.queries.recall import notices_of_donor
from registry.rules.lifecycle import FileState, ImageState, VersionState
from registry.work.freezing import freeze
from registry.work.inviting import forget_invitations
from registry.work.loose import erase_loose
from registry.work.parts import forget_uploads
from registry.work.redacting import redact_manifest
from registry.work.sharing import forget_studies
from registry.work.stopping import close_versions, end_donations, withdraw_images
from registry.work.takeouts import forget_takeouts
from registry.work.telling import tell_holders_of_withdrawal


def stop_working_sets(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """No image of the donor can be used any more, and none of their donations is open."""
    images = withdraw_images(donor_id, by=by)
    end_donations(donor_id, by=by)
    usable = Image.objects.filter(donor_id=donor_id, state=ImageState.AVAILABLE).count()
    return {"images": images, "usable": usable}


def close_held(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Each version that held the donor is closed and keeps tombstones only; its list says so, and no draft stays."""
    close_versions(donor_id, by=by)
    held = list(versions_holding(donor_id).exclude(state=VersionState.FREEZING))
    for version in held:
        redact_manifest(version, by)
    erase_loose(donor_id, by=by)
    return {
        "closed": {str(version.pk): version.digest for version in held},
        "tombstones": VersionEntry.objects.filter(donor_id=donor_id).exclude(tombstoned_at=None).count(),
    }


def succeed_held(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Each collection that held the donor has a version without them: at once, or with the next batch of leavers."""
    waiting = close_versions(donor_id, by=by)
    for version in waiting:
        freeze(version.pk)
        version.refresh_from_db()
    if open_ones := [version for version in waiting if version.state == VersionState.FREEZING]:
        untils = [until for version in open_ones if (until := waits_until(version))]
        raise NotYet("batch_waiting" if untils else "version_freezing", min(untils, default=None))
    held = list(versions_holding(donor_id).exclude(state=VersionState.FREEZING))
    newer = DatasetVersion.objects.filter(
        dataset_id__in={v.dataset_id for v in held}, state=VersionState.FROZEN, reason="withdrawal"
    )
    return {
        "successors": {str(version.pk): version.digest for version in newer},
    }


def holders_answered(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Whoever had access to the donor's images was told; each has answered, or their access has ended."""
    tell_holders_of_withdrawal(donor_id, withdrawal_id)
    notices = notices_of_donor(donor_id)
    asked = notices.exclude(deadline=None)
    if waiting := asked.filter(attested_at=None, overdue_at=None).order_by("deadline").first():
        raise NotYet("holders_answering", waiting.deadline)
    return {
        "holders": notices.count(),
        "holders_answered": asked.exclude(attested_at=None).count(),
        "access_ended": asked.filter(attested_at=None).exclude(overdue_at=None).count(),
    }


def erase_files(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Every file and image of the donor is erased in every zone that the registry keeps, and seen to be gone."""
    files = DonatedFile.objects.filter(donation__donor_id=donor_id)
    forget_uploads(donor_id, by=by)
    forget_invitations(donor_id)
    forget_takeouts(donor_id, by=by)
    images = Image.objects.filter(donor_id=donor_id)
    ids = [*files.values_list("stored_id", flat=True), *images.values_list("stored_id", flat=True)]
    objects = StoredObject.objects.filter(pk__in=ids)
    storage.erase(objects.exclude(state=ObjectState.ERASED), by=by, why="withdrawal")
    for image in images.exclude(state=ImageState.ERASED):
        move(image, ImageState.ERASED, by=by, why="withdrawal", labels={})
    for file in files.exclude(state=FileState.REMOVED):
        move(file, FileState.REMOVED, by=by, why="withdrawal", person_key="", study_key="")
    # What somebody wrote of an image of theirs may name them.
    IdentityReport.objects.filter(images__image__in=images).exclude(description="").update(description="")
    UseNews.objects.filter(donor_id=donor_id).delete()
    forget_studies(donor_id)
    left = objects.exclude(state=ObjectState.ERASED).count()
    return {
        "files": files.count(),
        "images": images.count(),
        "left": left,
        "at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
    }

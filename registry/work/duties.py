"""The registry's duties in a withdrawal: each looks at what is, does what is missing, and shows that it is done."""

from uuid import UUID

from django.utils import timezone

from consent.rules.duties import NotYet, Proof
from core.actors import Actor
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DatasetVersion, DonatedFile, IdentityReport, Image, VersionEntry
from registry.queries.datasets import versions_holding
from registry.rules.lifecycle import FileState, ImageState, VersionState
from registry.work.freezing import freeze
from registry.work.redacting import redact_manifest
from registry.work.stopping import close_versions, end_donations, withdraw_images


def stop_working_sets(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """No image of the donor can be used any more, and none of their donations is open."""
    images = withdraw_images(donor_id, by=by)
    end_donations(donor_id, by=by)
    usable = Image.objects.filter(donor_id=donor_id, state=ImageState.AVAILABLE).count()
    return {"images": images, "usable": usable}


def close_and_succeed(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Each version that held the donor is closed, keeps tombstones only, and has a successor without them."""
    successors = close_versions(donor_id, by=by)
    for version in successors:
        freeze(version.pk)
    held = list(versions_holding(donor_id).exclude(state=VersionState.FREEZING))
    for version in held:
        redact_manifest(version, by)
    if DatasetVersion.objects.filter(pk__in=[v.pk for v in successors], state=VersionState.FREEZING).exists():
        raise NotYet("version_freezing")
    newer = DatasetVersion.objects.filter(
        dataset_id__in={v.dataset_id for v in held}, state=VersionState.FROZEN, reason="withdrawal"
    )
    return {
        "closed": {str(version.pk): version.digest for version in held},
        "tombstones": VersionEntry.objects.filter(donor_id=donor_id).exclude(tombstoned_at=None).count(),
        "successors": {str(version.pk): version.digest for version in newer},
    }


def erase_files(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Every file and image of the donor is erased in every zone that the registry keeps, and seen to be gone."""
    files = DonatedFile.objects.filter(donation__donor_id=donor_id)
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
    left = objects.exclude(state=ObjectState.ERASED).count()
    return {
        "files": files.count(),
        "images": images.count(),
        "left": left,
        "at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
    }

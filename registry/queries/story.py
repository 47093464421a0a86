"""What became of a donor's gift: each examination, the versions that hold it, and the research that may use it."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from consent import queries as consent
from registry.models import AccessRequest, DatasetVersion, DonatedFile, Grant, Image, VersionEntry
from registry.queries.access import use_in
from registry.rules.lifecycle import FileState, GrantState, ImageState


@dataclass(frozen=True)
class Story:
    """One examination of one donation: how many images are where, and which versions and projects they serve."""

    donation_id: UUID
    number: int
    modality: str
    body_part: str
    images: int
    checking: int
    kept_out: int
    usable: int
    erased: int
    versions: list[DatasetVersion]
    projects: list[AccessRequest]


def story_of(donor_id: UUID) -> list[Story]:
    """One donor's examinations, the newest first. Projects are those whose use the donor permits today.

    What a donor took back, or said is not theirs, is no part of their gift; after a withdrawal, what was erased is.
    """
    left_out = [FileState.DUPLICATE, FileState.HELD]
    if consent.may_donate(donor_id):
        left_out.append(FileState.REMOVED)
    files = list(
        DonatedFile.objects.filter(donation__donor_id=donor_id, donation__submitted_at__isnull=False)
        .exclude(state__in=left_out)
        .order_by("-donation_id", "id")
    )
    images = {image.file_id: image for image in Image.objects.filter(donor_id=donor_id)}
    studies = dict.fromkeys((file.donation_id, file.study_key) for file in files)
    grouped = [[f for f in files if (f.donation_id, f.study_key) == study] for study in studies]
    projects = _projects(donor_id)
    return [_story(number, group, images, projects) for number, group in enumerate(grouped, 1)]


def _story(number: int, files: list[DonatedFile], images: dict[UUID, Image], projects: list[AccessRequest]) -> Story:
    mine = [images[file.pk] for file in files if file.pk in images]
    versions = _versions(mine)
    states = Counter(file.state for file in files)
    usable = [image for image in mine if image.state == ImageState.AVAILABLE]
    known = {version.pk for version in versions}
    return Story(
        donation_id=files[0].donation_id,
        number=number,
        modality=next((file.modality for file in files if file.modality), ""),
        body_part=next((image.body_part for image in mine if image.body_part), ""),
        images=len(files),
        checking=states[FileState.RECEIVED] + max(0, states[FileState.CLEANED] - len(mine)),
        kept_out=states[FileState.QUARANTINED],
        usable=len(usable),
        erased=states[FileState.REMOVED],
        versions=versions,
        projects=[project for project in projects if project.version_id in known],
    )


def _versions(images: list[Image]) -> list[DatasetVersion]:
    held = VersionEntry.objects.filter(image__in=images)
    return list(DatasetVersion.objects.filter(pk__in=held.values("version_id")).select_related("dataset"))


def _projects(donor_id: UUID) -> list[AccessRequest]:
    """Approved and signed projects over versions that hold the donor, if the donor's consent permits them now."""
    held = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None)
    grants = Grant.objects.filter(
        version_id__in=held.values("version_id"), state__in=[GrantState.ACTIVE, GrantState.EXPIRED]
    ).select_related("request__version__dataset")
    return [grant.request for grant in grants if consent.verdict_for(donor_id, use_in(grant)).allowed]

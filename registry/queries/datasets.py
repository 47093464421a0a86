"""Datasets and their versions: what readers find in the catalogue, and what a rule selects today."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum

from consent import queries as consent
from core.accounts.queries import Reader, programmes
from core.accounts.roles import STAFF, Role
from core.texts import Filled
from core.texts import gettext_noop as _
from registry.models import Dataset, DatasetVersion, Grant, Image, VersionEntry
from registry.rules.lifecycle import ImageState, VersionState
from registry.rules.selection import Candidate, Rule, choose

#: What curators note of an image, in words.
LABELS = {"lesion": _("Lesion")}


@dataclass(frozen=True)
class VersionFacts:
    """What a version's page shows. Lists are (word, images) pairs; `splits` counts donors."""

    modalities: list[tuple[str, int]]
    body_parts: list[tuple[str, int]]
    labels: list[tuple[str, int]]
    splits: list[tuple[str, int]]
    bytes: int
    tombstones: int


def catalogue(user: Reader) -> QuerySet[Dataset]:
    """The datasets of the programmes in which `user` is a researcher or works."""
    mine = programmes(user, Role.RESEARCHER, *STAFF)
    return Dataset.objects.filter(programme__in=mine).select_related("programme").order_by("title")


def versions_visible(user: Reader) -> QuerySet[DatasetVersion]:
    """The versions of those datasets, newest first."""
    mine = catalogue(user).values("pk")
    return DatasetVersion.objects.filter(dataset_id__in=mine).select_related("dataset__programme")


def entries_of(version: DatasetVersion) -> QuerySet[VersionEntry]:
    """Everything that the version ever held, tombstones too, in its order."""
    return VersionEntry.objects.filter(version=version).select_related("image")


def latest_version(dataset: Dataset) -> DatasetVersion | None:
    """The newest frozen version, or None."""
    return dataset.versions.filter(state=VersionState.FROZEN).first()


def successor_of(version: DatasetVersion) -> DatasetVersion | None:
    """The version to use in place of a closed one."""
    newest = latest_version(version.dataset)
    return newest if newest is not None and _number(newest) > _number(version) else None


def manifest_is_stale(version: DatasetVersion) -> bool:
    """Whether the stored list of files still has rows of images that were taken back; nobody reads it then."""
    newest = version.entries.aggregate(newest=Max("tombstoned_at"))["newest"]
    written = version.manifest.stored_at if version.manifest else None
    return newest is not None and (written is None or written < newest)


def versions_holding(donor_id: UUID) -> QuerySet[DatasetVersion]:
    """The versions that hold, or held, images of this donor."""
    held = VersionEntry.objects.filter(donor_id=donor_id)
    return DatasetVersion.objects.filter(pk__in=held.values("version_id")).select_related("dataset")


def versions_of_grant(grant: Grant) -> QuerySet[DatasetVersion]:
    """The version that a grant is for, as a set of one."""
    return DatasetVersion.objects.filter(pk=grant.version_id).select_related("dataset")


def selected_images(rule: Rule, programme_id: UUID) -> list[Image]:
    """The images that a rule takes today: available, of donors whose consent may be used and is open to new."""
    donors = consent.usable(programme_id)
    if rule.use is not None:
        donors = consent.permitted(rule.use, programme_id=programme_id)
    rows = Image.objects.filter(
        programme_id=programme_id, state=ImageState.AVAILABLE, donor_id__in=donors.values("pk")
    ).exclude(donor_id__in=consent.closed_to_new(programme_id).values("pk"))
    images = {image.pk: image for image in rows.order_by("id")}
    candidates = (Candidate(i.pk, i.donor_id, i.modality, bool(i.labels)) for i in images.values())
    return [images[chosen.image_id] for chosen in choose(candidates, rule)]


def holds_exactly(version: DatasetVersion, images: Sequence[Image]) -> bool:
    """Whether the version holds these images with these labels, and no other."""
    held = dict(version.entries.values_list("image_id", "labels"))
    return held == {image.pk: image.labels for image in images}


def version_facts(version: DatasetVersion) -> VersionFacts:
    """Counts of what is in the version now; tombstones are counted apart."""
    entries = VersionEntry.objects.filter(version=version)
    living = entries.filter(tombstoned_at=None)
    labels: Counter[str] = Counter()
    for noted in living.values_list("labels", flat=True):
        labels.update(_label_words(noted))
    splits = living.values_list("split").annotate(n=Count("donor_id", distinct=True)).order_by()
    return VersionFacts(
        modalities=_counted(living, "image__modality"),
        body_parts=_counted(living, "image__body_part"),
        labels=sorted(labels.items()),
        splits=[(word, dict(splits).get(word, 0)) for word in ("train", "validation", "test")],
        bytes=living.aggregate(total=Sum("size"))["total"] or 0,
        tombstones=entries.exclude(tombstoned_at=None).count(),
    )


def dataset_facts(dataset: Dataset) -> dict[str, object]:
    """A dataset in the catalogue: its newest version, and what is in it by kind of image."""
    version = latest_version(dataset)
    kinds = version_facts(version).modalities if version else []
    return {"dataset": dataset, "version": version, "kinds": kinds}


def _counted(entries: QuerySet[VersionEntry], field: str) -> list[tuple[str, int]]:
    pairs = entries.values_list(field).annotate(n=Count("pk")).order_by("-n", field)
    return [(word or _("Not named"), number) for word, number in pairs]


def _label_words(noted: dict[str, object]) -> list[str]:
    if not noted:
        return [_("Not noted")]
    yes, no = _("{label}: yes"), _("{label}: no")
    return [
        Filled(yes if value else no, label=Filled(LABELS[name]) if name in LABELS else name.capitalize())
        for name, value in noted.items()
    ]


def _number(version: DatasetVersion) -> tuple[int, int, int]:
    return version.major, version.minor, version.patch

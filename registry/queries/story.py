"""What became of a donor's gift: each scan, the versions that hold it, the research that uses it, and what came out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from registry.models import AccessRequest, DatasetVersion, Grant, Image, VersionEntry
from registry.queries.access import in_force, reach_of
from registry.queries.asked import ready_to_ask
from registry.queries.scans import Scan, files_given_by, images_by_scan, scan_of
from registry.rules.lifecycle import FileState, ImageState, VersionState
from registry.rules.runs import Run, RunState, runs_over


@dataclass(frozen=True)
class Held:
    """A version that holds a scan, or held it: `images` are those that are in it now."""

    version: DatasetVersion
    images: int

    @property
    def is_open(self) -> bool:
        """Whether new use may be made of the scan in it."""
        return bool(self.images) and self.version.state == VersionState.FROZEN


@dataclass(frozen=True)
class Project:
    """Research under a signed agreement, and what it computed over one scan; `may_use`: it may begin more now."""

    request: AccessRequest
    may_use: bool
    runs: list[Run]


@dataclass(frozen=True)
class Story:
    """One scan and how many of its images are where, which versions and projects they serve, and what came of it."""

    scan: Scan
    body_part: str
    cleaned: int
    usable: int
    versions: list[Held] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)

    @property
    def checking(self) -> int:
        """Images that are still being cleaned or looked at."""
        states = self.scan.states
        return states[FileState.RECEIVED] + max(0, states[FileState.CLEANED] - self.cleaned)

    @property
    def kept_out(self) -> int:
        """Images that cannot be used."""
        return self.scan.states[FileState.QUARANTINED]

    @property
    def erased(self) -> int:
        """Images that were deleted."""
        return self.scan.states[FileState.REMOVED]

    @property
    def last_used(self) -> datetime | None:
        """When something was last computed over it."""
        return max((run.at for project in self.projects for run in project.runs if run.at), default=None)

    @property
    def is_in_use(self) -> bool:
        """Whether something is computed over it now."""
        return any(run.state == RunState.RUNNING for project in self.projects for run in project.runs)


@dataclass(frozen=True)
class Totals:
    """One donor's whole gift in four numbers."""

    images: int
    usable: int
    collections: int
    projects: int


def stories_of(donor_id: UUID, scans: Sequence[Scan]) -> list[Story]:
    """What became of these scans of one donor; the number of queries does not grow with them."""
    keys = [scan.key for scan in scans]
    parts, cleaned, usable = _images(donor_id, keys)
    held = _held(donor_id, keys)
    runs = runs_over(donor_id, images_by_scan(donor_id), keys)
    grants = _grants(donor_id, held, runs)
    return [
        Story(
            scan=scan,
            body_part=parts.get(scan.key, ""),
            cleaned=cleaned[scan.key],
            usable=usable[scan.key],
            versions=held[scan.key],
            projects=_projects(grants, held[scan.key], [run for run in runs if scan.key in run.scans]),
        )
        for scan in scans
    ]


def totals_of(donor_id: UUID) -> Totals:
    """The numbers above the stories."""
    living = VersionEntry.objects.filter(donor_id=donor_id, tombstoned_at=None).exclude(
        version__state=VersionState.CLOSED
    )
    reaches = reach_of(donor_id)
    grants = ready_to_ask(_usable_grants()).filter(version_id__in=living.values("version_id"))
    return Totals(
        images=files_given_by(donor_id).count(),
        usable=Image.objects.filter(donor_id=donor_id, state=ImageState.AVAILABLE).count(),
        collections=living.order_by().values("version__dataset_id").distinct().count(),
        projects=sum(1 for grant in grants if reaches(grant)),
    )


def _images(donor_id: UUID, keys: list[str]) -> tuple[dict[str, str], dict[str, int], dict[str, int]]:
    """By the key of the scan: a part of the body that is seen, how many were cleaned, how many can be used."""
    parts: dict[str, str] = {}
    cleaned: dict[str, int] = defaultdict(int)
    usable: dict[str, int] = defaultdict(int)
    rows = images_by_scan(donor_id).filter(scan__in=keys).values_list("scan", "body_part", "state")
    for key, part, state, number in rows.annotate(n=Count("pk")).order_by("scan", "-n"):
        cleaned[key] += number
        usable[key] += number if state == ImageState.AVAILABLE else 0
        if part:
            parts.setdefault(key, part)
    return parts, cleaned, usable


def _held(donor_id: UUID, keys: list[str]) -> dict[str, list[Held]]:
    """By the key of the scan: the versions that hold it or held it, the newest first."""
    entries = VersionEntry.objects.filter(donor_id=donor_id).annotate(scan=scan_of("image__file_id"))
    living = Count("pk", filter=Q(tombstoned_at=None))
    rows = list(entries.filter(scan__in=keys).values_list("scan", "version_id").annotate(living=living).order_by())
    known = DatasetVersion.objects.select_related("dataset").in_bulk({version for _, version, _ in rows})
    held: dict[str, list[Held]] = defaultdict(list)
    for key, version, images in sorted(rows, key=lambda row: str(row[1]), reverse=True):
        held[key].append(Held(known[version], images))
    return held


def _grants(donor_id: UUID, held: dict[str, list[Held]], runs: list[Run]) -> list[tuple[Grant, bool]]:
    """Signed agreements over those versions or behind those runs, and whether each reaches the donor now."""
    versions = {each.version.pk for several in held.values() for each in several}
    named = Q(version_id__in=versions) | Q(pk__in={run.grant_id for run in runs})
    signed = ready_to_ask(Grant.objects.filter(named).exclude(signed_at=None)).order_by("-signed_at")
    reaches, usable = reach_of(donor_id), set(_usable_grants().filter(named).values_list("pk", flat=True))
    return [(grant, grant.pk in usable and reaches(grant)) for grant in signed]


def _usable_grants() -> QuerySet[Grant]:
    """Agreements under which something may be begun now."""
    return in_force(Grant.objects.filter(version__state=VersionState.FROZEN))


def _projects(grants: list[tuple[Grant, bool]], held: list[Held], runs: list[Run]) -> list[Project]:
    """The projects of one scan: those that may use it, and those that did."""
    held_open = {each.version.pk for each in held if each.is_open}
    projects = []
    for grant, reaches in grants:
        may_use = reaches and grant.version_id in held_open
        own = [run for run in runs if run.grant_id == grant.pk]
        if may_use or own:
            projects.append(Project(grant.request, may_use, own))
    return projects

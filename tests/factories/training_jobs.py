"""Grants with images behind them, and jobs under them, through the same actions that pages use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from consent.models import Donor
from consent.rules.use import Use, digest
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.ids import new_id
from core.storage import work as storage
from core.storage.zones import Zone
from registry.models import AccessRequest, Dataset, DatasetVersion, Grant, Image, VersionEntry
from registry.rules.lifecycle import GrantState, RequestState, VersionState
from tests.factories import consent, core
from training_jobs import actions
from training_jobs.models import TrainingJob

USE = Use(hmb=True, methods=True, train_model=True, share_weights=False, commercial=False, commercial_model=False)
FAST: dict[str, Any] = {"image_size": 32, "search_steps": 1, "features": "spots"}
SPLITS = ("train", "validation", "test")
_numbers = count(1)


@dataclass
class World:
    """A version that a researcher may use, the donors in it, and two who decide."""

    programme: Programme
    researcher: User
    reviewers: list[User]
    version: DatasetVersion
    grant: Grant
    donors: list[Donor] = field(default_factory=list)

    def job(self, title: str = "Find lesions", **parameters: Any) -> TrainingJob:
        """A job that was asked for."""
        return actions.submit_job(
            grant=self.grant,
            template="image_classifier",
            parameters={**FAST, **parameters},
            title=title,
            by=self.researcher,
        )

    def approved(self, **parameters: Any) -> TrainingJob:
        """A job that two reviewers approved."""
        job = self.job(**parameters)
        for reviewer in self.reviewers:
            approve(job, reviewer)
        return job


def approve(job: TrainingJob, reviewer: User) -> None:
    """One approval of what the job asks for."""
    actions.decide_job(job=job, approves=True, reason="", spec_digest=job.spec_digest, by=reviewer)


def world(programme: Programme, files: Sequence[bytes] = (), *, use: Use = USE) -> World:
    """A grant on a frozen version with one image a donor; every other donor's image is noted as one with a lesion."""
    version = _version(programme)
    researcher = core.user(programme, Role.RESEARCHER, name="Rita Researcher")
    made = World(
        programme=programme,
        researcher=researcher,
        reviewers=[core.user(programme, Role.JOB_REVIEWER, name=f"Reviewer {n}") for n in (1, 2)],
        version=version,
        grant=_grant(version, researcher, use),
    )
    for number, data in enumerate(files):
        donor = consent.donor(programme)
        made.donors.append(donor)
        _entry(version, donor, number, data)
    return made


def _version(programme: Programme) -> DatasetVersion:
    number = next(_numbers)
    dataset = Dataset.objects.create(programme=programme, slug=f"set-{number}", title="Chest", created_by="system:test")
    return DatasetVersion.objects.create(
        dataset=dataset,
        programme_id=programme.pk,
        number="1.0.0",
        major=1,
        minor=0,
        patch=0,
        state=VersionState.FROZEN,
        digest=sha256_hex(f"version {number}"),
        created_by="system:test",
    )


def _grant(version: DatasetVersion, researcher: User, use: Use) -> Grant:
    request = AccessRequest.objects.create(
        programme_id=version.programme_id,
        version=version,
        researcher=researcher,
        title="Finding lesions earlier",
        aim="To find lesions earlier.",
        use=use.to_dict(),
        use_digest=digest(use),
        institution="A university",
        state=RequestState.APPROVED,
    )
    return Grant.objects.create(
        programme_id=version.programme_id,
        request=request,
        researcher=researcher,
        version=version,
        use=use.to_dict(),
        use_digest=digest(use),
        state=GrantState.ACTIVE,
        signed_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=365),
    )


def _entry(version: DatasetVersion, donor: Donor, position: int, data: bytes) -> VersionEntry:
    labels = {"lesion": position % 2 == 1}
    stored = storage.reserve(Zone.CLEAN, programme_id=version.programme_id, donor_id=donor.pk)
    storage.write(stored, data, by=core.SETUP)
    image = Image.objects.create(
        programme_id=version.programme_id,
        donor=donor,
        file_id=new_id(),
        stored=stored,
        sha256=stored.sha256,
        size=len(data),
        study_uid=f"2.25.{position}1",
        series_uid=f"2.25.{position}2",
        sop_uid=f"2.25.{position}3{next(_numbers)}",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        modality="CT" if position // 2 % 2 == 0 else "MR",
        labels=labels,
    )
    return VersionEntry.objects.create(
        version=version,
        image=image,
        donor=donor,
        position=position,
        path=f"images/{image.pk}.dcm",
        sha256=stored.sha256,
        size=len(data),
        split=SPLITS[position // 2 % 3],
        labels=labels,
    )

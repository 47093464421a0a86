"""What somebody who asks for a job, or decides on it, has to know: templates, grants, purpose."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from core.accounts.models import User
from registry import queries as registry
from training_jobs.executors.templates import shipped_templates
from training_jobs.models import TrainingJob
from training_jobs.rules.templates import Template

if TYPE_CHECKING:
    from registry.models import Grant


@dataclass(frozen=True)
class Purpose:
    """What a job's data were granted for."""

    title: str
    aim: str
    institution: str
    dataset: str
    version: str
    version_id: UUID
    digest: str
    expires_at: datetime
    shares_model: bool


def templates() -> dict[str, Template]:
    """The training templates that are offered, by name."""
    return shipped_templates()


def grants_for_jobs(user: User) -> "list[Grant]":
    """The user's grants under which a job can be asked for now."""
    return [grant for grant in registry.grants_of(user) if registry.refusal_of(user, grant) is None]


def reach(grant: "Grant") -> tuple[int, int]:
    """(images, donors) that a job under this grant would read if it began now."""
    entries = registry.entries_for(grant)
    return entries.count(), entries.order_by().values("donor_id").distinct().count()


def purpose(job: TrainingJob) -> Purpose:
    """The purpose of a job, for everyone who may see the job."""
    grant = registry.grants_of(job.researcher).get(pk=job.grant_id)
    return Purpose(
        title=grant.request.title,
        aim=grant.request.aim,
        institution=grant.request.institution,
        dataset=grant.version.dataset.title,
        version=grant.version.number,
        version_id=grant.version_id,
        digest=grant.version.digest,
        expires_at=grant.expires_at,
        shares_model=bool(grant.use.get("share_weights")),
    )

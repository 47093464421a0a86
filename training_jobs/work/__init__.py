"""What workers do for training jobs: move each one step, release what was agreed, end what a withdrawal ends."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from core.errors import Conflict
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work.actor import RUNNER
from training_jobs.work.collecting import succeeded
from training_jobs.work.place import remove_all, staged_jobs
from training_jobs.work.recalling import keep_back, stop_recalled
from training_jobs.work.releasing import release, settle
from training_jobs.work.running import running
from training_jobs.work.staging import SOON, approved, staging
from training_jobs.work.withdrawing import duty, mark, under_way_with

__all__ = [
    "RUNNER",
    "duty",
    "keep_back",
    "mark",
    "release",
    "remove_leftovers",
    "settle",
    "step_job",
    "stop_recalled",
    "under_way",
    "under_way_with",
]

#: States in which a job waits for the machine, and what the machine does then.
STEPS: dict[str, Callable[[TrainingJob], datetime | None]] = {
    JobState.APPROVED: approved,
    JobState.STAGING: staging,
    JobState.RUNNING: running,
    JobState.SUCCEEDED: succeeded,
}


def step_job(job_id: UUID) -> datetime | None:
    """Moves a job at most one step; returns when to look again, or None where it waits for a person or has ended."""
    job = TrainingJob.objects.select_related("researcher").filter(pk=job_id, state__in=list(STEPS)).first()
    if job is None:
        return None
    try:
        return STEPS[job.state](job)
    except Conflict:
        return timezone.now() + SOON  # somebody moved it meanwhile: what it is then decides


def under_way() -> list[UUID]:
    """The jobs that wait for the machine, for the sweep."""
    return list(TrainingJob.objects.filter(state__in=list(STEPS)).values_list("pk", flat=True))


def remove_leftovers() -> int:
    """Removes the folders of jobs that have ended, which a kill may have left; returns how many."""
    found = set(staged_jobs())
    lost = TrainingJob.objects.filter(state=JobState.LOST)  # may be begun again at this very moment
    ended = found - set(under_way()) - set(lost.values_list("pk", flat=True))
    for job_id in ended:
        remove_all(job_id)
    return len(ended)

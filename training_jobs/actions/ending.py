"""Ending a job early, and starting one again whose run was interrupted."""

from django.db import transaction

from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict
from core.lifecycle import move
from core.texts import gettext_noop as _
from training_jobs import tasks
from training_jobs.actions.checks import require_access
from training_jobs.models import TrainingJob
from training_jobs.permissions import require_owner_or_reviewer, require_reviewer
from training_jobs.rules.lifecycle import UNDER_WAY, JobState
from training_jobs.work.access import CANCELLED
from training_jobs.work.releasing import lock

WAITING = (JobState.SUBMITTED, JobState.APPROVED, JobState.LOST)


def cancel_job(*, job: TrainingJob, by: Actor) -> None:
    """Ends a job that has not ended: at once before its run, by the next worker during it. Twice changes nothing.

    Raises Missing for someone to whom the job does not exist, Conflict once it has ended.
    """
    require_owner_or_reviewer(by, job)
    with transaction.atomic():
        lock(job)
        if job.state in UNDER_WAY:
            if TrainingJob.objects.filter(pk=job.pk, stop_asked="").update(stop_asked=CANCELLED):
                record("training_jobs.stop_asked", job, by=by)
            ask(tasks.STEP, job.pk)
        elif job.state in WAITING:
            move(job, JobState.CANCELLED, by=by, slot=None, reason=_("The job was cancelled before it ran to its end."))
        elif job.state != JobState.CANCELLED:
            raise Conflict("This job has ended already.", "ended")


def retry_lost(*, job: TrainingJob, by: Actor) -> None:
    """Starts an interrupted job again, as a new attempt on what may be used now. For reviewers; raises Conflict."""
    require_reviewer(by, job)
    with transaction.atomic():
        lock(job)
        if job.state != JobState.LOST:
            raise Conflict("Only a job whose run was interrupted can be started again.", "not_lost")
        require_access(job)
        move(
            job,
            JobState.STAGING,
            by=by,
            why="again",
            attempt=job.attempt + 1,
            progress=0,
            metrics=[],
            reason="",
            stop_asked="",
            started_at=None,
            finished_at=None,
        )
        ask(tasks.STEP, job.pk)

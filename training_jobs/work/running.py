"""A job that runs: what its files say is copied into its row; whoever may no longer be used ends it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.lifecycle import move
from registry.rules.news import News
from training_jobs.executors.base import EndedBy, Observation, RunState
from training_jobs.executors.templates import find_template
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work.access import CANCELLED, SENTENCES, why_stop
from training_jobs.work.actor import RUNNER
from training_jobs.work.ending import end
from training_jobs.work.place import executor, remove_data, run_dir
from training_jobs.work.staging import SOON
from training_jobs.work.telling import tell_donors

ENDS = {RunState.FAILED: JobState.FAILED, RunState.LOST: JobState.LOST}


def running(job: TrainingJob) -> datetime | None:
    """Looks once. What is not seen never counts as an end: only the executor's own word for it does."""
    seen = executor().observe(run_dir(job))
    if why := why_stop(job):
        return _stop(job, seen, why)
    if seen.state in ENDS:
        state = JobState.STOPPED if seen.ended_by is EndedBy.STOP else ENDS[seen.state]
        sentence = SENTENCES[CANCELLED] if state is JobState.STOPPED else _reason(job, seen)
        end(job, state, sentence, **_shown(seen))
        return None
    if seen.state is RunState.FINISHED:
        return _finished(job, seen)
    _copy_progress(job, seen)
    return timezone.now() + SOON


def _reason(job: TrainingJob, seen: Observation) -> str:
    """Why the run ended: in the template's own words where it has some for the exit code. Never what the run wrote."""
    if seen.ended_by is EndedBy.ITSELF and seen.exit_code is not None:
        endings = find_template(job.specification["template"]["name"]).endings
        return endings.get(seen.exit_code, seen.reason)
    return seen.reason


def _stop(job: TrainingJob, seen: Observation, why: str) -> datetime | None:
    TrainingJob.objects.filter(pk=job.pk, stop_asked="").update(stop_asked=why)
    if seen.state in (RunState.STARTING, RunState.RUNNING, RunState.UNKNOWN):
        executor().stop(run_dir(job))
        return timezone.now() + SOON
    end(job, JobState.STOPPED, SENTENCES[why], why=why)
    return None


def _finished(job: TrainingJob, seen: Observation) -> datetime:
    remove_data(job)
    with transaction.atomic():
        move(job, JobState.SUCCEEDED, by=RUNNER, slot=None, finished_at=timezone.now(), **_shown(seen))
        tell_donors(job, News.USED)
    return timezone.now()


def _copy_progress(job: TrainingJob, seen: Observation) -> None:
    shown = _shown(seen)
    if seen.state is RunState.RUNNING and (job.progress, job.metrics) != (shown["progress"], shown["metrics"]):
        TrainingJob.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**shown)


def _shown(seen: Observation) -> dict[str, Any]:
    return {"progress": seen.progress, "metrics": seen.metrics}

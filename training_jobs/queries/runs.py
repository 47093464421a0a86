"""The training jobs that were given a donor's images, for the page on which the donor follows them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from registry.rules.runs import Result, Run, RunState
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.queries.contents import refusal_of
from training_jobs.rules.lifecycle import ENDED_WELL, JobState, OutputState
from training_jobs.rules.templates import OutputKind

TITLES: Final = {
    OutputKind.METRICS: gettext_noop("Numbers that say how well the computer learned"),
    OutputKind.MODEL_CARD: gettext_noop("A description of what the computer learned"),
    OutputKind.TABLE: gettext_noop("A table with results"),
    OutputKind.MODEL: gettext_noop("A trained computer model"),
}


def runs_over(donor_id: UUID, images: Any, keys: list[str]) -> Iterator[Run]:
    """Jobs that were given images of these scans, in any attempt; one that ended before it began is left out."""
    scans: dict[UUID, set[str]] = defaultdict(set)
    newest: dict[UUID, int] = defaultdict(int)
    mine = Subquery(images.filter(pk=OuterRef("image_id")).values("scan")[:1])
    given = JobInput.objects.filter(donor_id=donor_id).annotate(scan=mine).filter(scan__in=keys)
    for job_id, scan, attempt in given.values_list("job_id", "scan", "attempt").distinct():
        scans[job_id].add(scan)
        newest[job_id] = max(newest[job_id], attempt)
    results = _results(set(scans))
    for job in TrainingJob.objects.filter(pk__in=set(scans)).order_by("-pk"):
        is_now = newest[job.pk] == job.attempt
        state, at = _reached(job) if is_now else (RunState.BROKEN_OFF, job.created_at)
        if at is not None or state is RunState.PREPARED:
            came_out = results[job.pk] if is_now else ()
            yield Run(job.pk, job.grant_id, job.title, state, at, came_out, frozenset(scans[job.pk]))


def _reached(job: TrainingJob) -> tuple[RunState, datetime | None]:
    """How far it came, and when it had the images last: now while it runs; None where it never began.

    Of an attempt that was given up for a later one, without these images, the times are not kept.
    """
    if job.state == JobState.RUNNING:
        return RunState.RUNNING, timezone.now()
    at = (job.finished_at or job.started_at) if job.started_at else None
    if job.state in (JobState.STAGING, JobState.APPROVED):
        return RunState.PREPARED, at
    return RunState.ENDED if job.state in ENDED_WELL else RunState.BROKEN_OFF, at


def _results(jobs: set[UUID]) -> dict[UUID, tuple[Result, ...]]:
    """By job: what was released of it, in the order of its kind."""
    found: dict[UUID, tuple[Result, ...]] = defaultdict(tuple)
    released = JobOutput.objects.filter(job_id__in=jobs, state=OutputState.RELEASED).select_related("released")
    for output in released.order_by("kind", "name"):
        at = (output.released.stored_at if output.released else None) or output.created_at
        title = gettext(TITLES[OutputKind(output.kind)])
        found[output.job_id] += (Result(title, at, is_stopped=bool(refusal_of(output))),)
    return found

"""Outputs as their readers may see them, and the one rule for when enough reviewers have agreed."""

from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role
from core.errors import Missing
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.queries.jobs import jobs_visible
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.rules.output_checks import Outcome
from training_jobs.rules.templates import OutputKind


def outputs_visible(user: Reader) -> QuerySet[JobOutput]:
    """The outputs of the jobs that the user may see; seeing that there is one is not seeing what is in it."""
    found = JobOutput.objects.filter(job_id__in=jobs_visible(user).order_by().values("pk"))
    return found.select_related("job__programme", "stored", "released")


def output(user: Reader, output_id: UUID) -> JobOutput:
    """One output of a job that the user may see; raises Missing."""
    found = outputs_visible(user).filter(pk=output_id).first()
    if found is None:
        raise Missing("There is no such output.")
    return found


def outputs_of(job: TrainingJob) -> QuerySet[JobOutput]:
    """The outputs of a job, by name."""
    return job.outputs.select_related("stored", "released").prefetch_related("decisions__reviewer")


def outputs_to_review(user: Reader) -> QuerySet[JobOutput]:
    """Outputs that this reviewer may still decide on: held, of others' jobs, not decided by them."""
    mine = programmes(user, Role.JOB_REVIEWER)
    held = JobOutput.objects.filter(job__programme__in=mine, job__state=JobState.IN_REVIEW, state=OutputState.HELD)
    decided = held.filter(decisions__reviewer_id=key_of(user)).values("pk")
    return held.exclude(job__researcher_id=key_of(user)).exclude(pk__in=decided).select_related("job")


def released_outputs(user: Reader) -> QuerySet[JobOutput]:
    """What was released of the user's own jobs."""
    mine = JobOutput.objects.filter(job__researcher_id=key_of(user), state=OutputState.RELEASED)
    return mine.select_related("job", "released")


def agreed() -> QuerySet[JobOutput]:
    """Held outputs that enough reviewers want released, that nobody withholds, and that may leave at all."""
    return (
        JobOutput.objects.filter(state=OutputState.HELD, job__state=JobState.IN_REVIEW)
        .exclude(check_outcome=Outcome.WITHHOLD)
        .exclude(kind=OutputKind.MODEL, flagged_at__isnull=False)
        .exclude(recalled_at__isnull=False)
        .annotate(
            wanted=Count("decisions", filter=Q(decisions__releases=True)),
            unwanted=Count("decisions", filter=Q(decisions__releases=False)),
        )
        .filter(wanted__gte=F("job__programme__output_reviewers"), wanted__gt=0, unwanted=0)
    )


def is_agreed(thing: JobOutput) -> bool:
    """Whether this output is one of those, now."""
    return agreed().filter(pk=thing.pk).exists()


def agreed_outputs() -> list[UUID]:
    """The ids of those, for the sweep."""
    return list(agreed().values_list("pk", flat=True))

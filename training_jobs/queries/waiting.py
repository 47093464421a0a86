"""What waits for a reviewer: jobs to decide on, outputs to review, interrupted jobs to start again."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role
from core.waiting import Waiting
from training_jobs.models import TrainingJob
from training_jobs.queries.jobs import jobs_to_decide
from training_jobs.queries.outputs import outputs_to_review
from training_jobs.rules.lifecycle import JobState


def waiting(user: Reader) -> list[Waiting]:
    """One line for each job that the user is to do something about."""
    asked = [_line("job", _("A training job waits for your decision: %(title)s"), job) for job in jobs_to_decide(user)]
    held = {output.job_id: output.job for output in outputs_to_review(user)}
    review = [_line("outputs", _("Outputs wait for your review: %(title)s"), job) for job in held.values()]
    lost = TrainingJob.objects.filter(programme__in=programmes(user, Role.JOB_REVIEWER), state=JobState.LOST)
    again = [
        _line("lost", _("A training job was interrupted: %(title)s"), job)
        for job in lost.exclude(researcher_id=key_of(user))
    ]
    return asked + review + again


def _line(kind: str, title: str, job: TrainingJob) -> Waiting:
    return Waiting(
        kind=kind,
        title=title % {"title": job.title},
        href=reverse("training_jobs:job", args=[job.pk]),
        since=job.finished_at or job.created_at,
    )

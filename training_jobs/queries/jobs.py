"""Jobs as their readers may see them: the researcher's own, and those of programmes that one reviews or watches."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role
from core.errors import Missing
from training_jobs.models import JobInput, TrainingJob
from training_jobs.rules.lifecycle import JobState


def jobs_of(user: Reader) -> QuerySet[TrainingJob]:
    """The user's own jobs, newest first."""
    return TrainingJob.objects.filter(researcher_id=key_of(user)).select_related("programme")


def jobs_visible(user: Reader) -> QuerySet[TrainingJob]:
    """The user's own, and those of programmes in which they review jobs, are steward or auditor; newest first."""
    watched = programmes(user, Role.JOB_REVIEWER, Role.STEWARD, Role.AUDITOR)
    found = TrainingJob.objects.filter(Q(researcher_id=key_of(user)) | Q(programme__in=watched))
    return found.select_related("programme", "researcher")


def job(user: Reader, job_id: UUID) -> TrainingJob:
    """One job that the user may see; raises Missing."""
    found = jobs_visible(user).filter(pk=job_id).first()
    if found is None:
        raise Missing("There is no such job.")
    return found


def used_by(donor_id: UUID) -> QuerySet[TrainingJob]:
    """Jobs whose present attempt was given images of this donor."""
    given = JobInput.objects.filter(donor_id=donor_id, attempt=F("job__attempt"))
    return TrainingJob.objects.filter(pk__in=given.values("job_id"))


def jobs_to_decide(user: Reader) -> QuerySet[TrainingJob]:
    """Jobs that this reviewer may still decide on: submitted, not their own, not decided by them."""
    mine = programmes(user, Role.JOB_REVIEWER)
    asked = TrainingJob.objects.filter(programme__in=mine, state=JobState.SUBMITTED)
    decided = asked.filter(approvals__reviewer_id=key_of(user)).values("pk")
    return asked.exclude(researcher_id=key_of(user)).exclude(pk__in=decided).select_related("programme", "researcher")

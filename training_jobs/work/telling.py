"""What researchers and reviewers are told while a job is on its way, and donors of what it did with their images."""

from core.accounts.queries import members
from core.accounts.roles import Role
from core.notifications.send import notify
from registry.rules.news import News
from registry.work import note_use
from training_jobs.models import JobInput, TrainingJob


def tell_researcher(job: TrainingJob, event: str, title: str, body: str = "") -> None:
    """Puts a notice into the researcher's inbox, once for each `event` (a code) and attempt."""
    notify(
        user_id=job.researcher_id,
        title=title,
        body=body,
        link=f"/jobs/{job.pk}/",
        dedupe=f"job:{job.pk}:{job.attempt}:{event}",
    )


def tell_reviewers(job: TrainingJob, event: str, title: str) -> None:
    """Puts a notice into the inbox of everyone who may decide on the job."""
    for user in members(job.programme_id, Role.JOB_REVIEWER).exclude(pk=job.researcher_id):
        notify(
            user_id=user.pk,
            title=title,
            link=f"/jobs/{job.pk}/",
            dedupe=f"job:{job.pk}:{job.attempt}:{event}",
        )


def tell_donors(job: TrainingJob, what: News) -> None:
    """Notes what happened for each donor whose images the present attempt was given, in the caller's transaction."""
    given = JobInput.objects.filter(job=job, attempt=job.attempt)
    note_use(what, job.pk, given.values("donor_id"))

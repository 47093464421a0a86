"""What a withdrawal means for jobs: those under way end, those that ended, and their outputs, are marked."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.rules.duties import NotYet, Proof
from core.actors import Actor
from core.audit.record import record
from core.texts import gettext_noop as _
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.queries.jobs import used_by
from training_jobs.rules.lifecycle import ENDED_WELL, UNDER_WAY, JobState
from training_jobs.work.access import WITHDRAWAL
from training_jobs.work.telling import tell_researcher

TOLD = _(
    "A donor whose images it used has withdrawn. The result stands as it was, but the model must not be used any "
    "further, and nothing more of it is given out."
)


def mark(donor_id: UUID, *, by: Actor) -> None:
    """Marks, in the caller's transaction, every job that used the donor's images: to be stopped, or as touched."""
    with transaction.atomic():
        used_by(donor_id).filter(state=JobState.RUNNING, stop_asked="").update(stop_asked=WITHDRAWAL)
        for job in used_by(donor_id).filter(state__in=ENDED_WELL, flagged_at=None):
            flag(job, by=by)


def flag(job: TrainingJob, *, by: Actor) -> None:
    """Notes on an ended job and its outputs that a donor has withdrawn, and tells the researcher."""
    now = timezone.now()
    if not TrainingJob.objects.filter(pk=job.pk, flagged_at=None).update(flagged_at=now, flag_reason=WITHDRAWAL):
        return
    JobOutput.objects.filter(job=job, flagged_at=None).update(flagged_at=now)
    record("training_jobs.flagged", job, by=by, data={"why": WITHDRAWAL})
    tell_researcher(job, "flagged", "A donor behind your training job has withdrawn", TOLD)


def duty(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """No job has the donor's images any more; those that had are marked. Raises NotYet while one is being stopped."""
    mark(donor_id, by=by)
    jobs = used_by(donor_id)
    if jobs.filter(state__in=UNDER_WAY).exists():
        raise NotYet("job_stopping")
    outputs = JobOutput.objects.filter(job__in=jobs).exclude(flagged_at=None)
    return {
        "jobs_stopped": jobs.filter(state=JobState.STOPPED).count(),
        "jobs_flagged": jobs.exclude(flagged_at=None).count(),
        "outputs_flagged": outputs.count(),
    }


def under_way_with(donor_id: UUID) -> list[UUID]:
    """Jobs under way that hold the donor's images now."""
    return list(used_by(donor_id).filter(state__in=UNDER_WAY).values_list("pk", flat=True))

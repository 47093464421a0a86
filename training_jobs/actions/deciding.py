"""Reviewers decide on a job: on exactly one specification, by its digest."""

from django.db import IntegrityError, transaction

from core.actors import Actor
from core.audit.record import record
from core.canonical import digest_of
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import move
from core.texts import gettext_noop as _
from training_jobs import tasks
from training_jobs.actions.checks import require_access
from training_jobs.models import APPROVALS_NEEDED, JobApproval, TrainingJob
from training_jobs.permissions import require_reviewer
from training_jobs.rules.lifecycle import JobState
from training_jobs.work.releasing import lock
from training_jobs.work.telling import tell_researcher

CHANGED = _("The specification is not the one that you read. Look at it again, then decide.")


def decide_job(*, job: TrainingJob, approves: bool, reason: str, spec_digest: str, by: Actor) -> JobApproval:
    """Approves or rejects the specification with this digest; two approvals by two others start the job, one rejection
    ends it. Raises NotAllowed, Conflict when it was decided or changed meanwhile, Invalid without a reason to reject.
    """
    reviewer = require_reviewer(by, job)
    reason = reason.strip()
    if not approves and not reason:
        raise Invalid("Say why you reject it.", fields={"reason": _("Say why you reject it.")})
    if not spec_digest == job.spec_digest == digest_of(job.specification):
        raise Conflict(CHANGED, "digest")
    if approves:
        require_access(job)
    try:
        with transaction.atomic():
            lock(job)
            if job.state != JobState.SUBMITTED:
                raise Conflict("This job has been decided on already.", "decided")
            decision = JobApproval.objects.create(
                job=job, reviewer=reviewer, spec_digest=spec_digest, approves=approves, reason=reason
            )
            record("training_jobs.decided", job, by=by, data={"approves": approves, "specification": spec_digest})
            _count(job, approves, reason, by)
    except IntegrityError:
        raise Conflict("You have decided on this job already.", "twice") from None
    return decision


def _count(job: TrainingJob, approves: bool, reason: str, by: Actor) -> None:
    if not approves:
        move(job, JobState.REJECTED, by=by, reason=reason[:300])
        tell_researcher(job, "rejected", "Your training job was not approved", _("Its page says why."))
        return
    agreed = job.approvals.filter(approves=True, spec_digest=job.spec_digest).exclude(reviewer=job.researcher_id)
    if agreed.count() >= APPROVALS_NEEDED:
        move(job, JobState.APPROVED, by=by)
        tell_researcher(job, "approved", "Your training job was approved", _("It starts as soon as there is room."))
        ask(tasks.STEP, job.pk)

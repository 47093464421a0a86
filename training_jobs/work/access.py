"""Whether a job may still have its data: asked anew at every step, of the grant and of each donor's consent."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from consent import queries as consent
from core.errors import Refused
from core.texts import gettext_noop as _
from registry import queries as registry
from training_jobs.models import JobInput, TrainingJob
from training_jobs.rules.lifecycle import UNDER_WAY

if TYPE_CHECKING:
    from registry.models import Grant

GRANT, WITHDRAWAL, CONSENT, CANCELLED, RECALL = "grant", "withdrawal", "consent", "cancelled", "recall"
SUSPENDED = "suspended"
#: Refusals of a grant that end when the researcher gives what they owe.
COMES_BACK = frozenset({"evidence", SUSPENDED})

SENTENCES = {
    GRANT: _("The access that this job stood on has ended, so the job was stopped. Nothing of it was kept."),
    WITHDRAWAL: _(
        "A donor whose images this job used has withdrawn, so the job was stopped. Nothing of it was kept. "
        "You can ask for it again on the newest version."
    ),
    CONSENT: _(
        "A donor whose images this job used no longer allows this use, so the job was stopped. "
        "Nothing of it was kept. You can ask for it again."
    ),
    RECALL: _(
        "Somebody may be recognised in images that this job used, so the job was stopped. Nothing of it was kept. "
        "You can ask for it again on the newest version."
    ),
    SUSPENDED: _(
        "You owe an answer about copies of images that were taken back, so the job was stopped. "
        "Nothing of it was kept. You can ask for it again once you have answered."
    ),
    CANCELLED: _("The job was stopped on request. Nothing of it was kept."),
}


def grant_of(job: TrainingJob) -> "Grant":
    """The grant that the job stands on, if it still holds; raises Refused with a sentence.

    A version that was closed since takes no new jobs, but one that was approved before may still run: on those of
    its images whose donors permit it today.
    """
    try:
        return registry.usable_grant(job.researcher, job.grant_id)
    except Refused as refusal:
        # Evidence that is overdue lets nothing new begin; what runs goes on.
        goes_on = refusal.code == "version_closed" or (refusal.code == "evidence" and job.state in UNDER_WAY)
        if not goes_on:
            raise
        return registry.grants_of(job.researcher).get(pk=job.grant_id)


def inputs(job: TrainingJob) -> QuerySet[JobInput]:
    """What the present attempt was given."""
    return JobInput.objects.filter(job=job, attempt=job.attempt)


def why_stop(job: TrainingJob) -> str:
    """The code of why a job under way must end now, or nothing when it may go on."""
    if job.stop_asked:
        return job.stop_asked
    try:
        grant = grant_of(job)
    except Refused as refusal:
        return SUSPENDED if refusal.code == SUSPENDED else GRANT
    if inputs(job).filter(image_id__in=registry.stopped_images().values("pk")).exists():
        return RECALL
    permitted = consent.permitted(registry.asked_in(grant), programme_id=job.programme_id)
    without = inputs(job).exclude(donor_id__in=permitted.values("pk"))
    if not without.exists():
        return ""
    active = consent.active(job.programme_id)
    return WITHDRAWAL if without.exclude(donor_id__in=active.values("pk")).exists() else CONSENT

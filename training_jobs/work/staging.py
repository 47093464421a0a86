"""A job on its way to its run: a place, its inputs chosen, their bytes copied, the sandbox started."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.errors import Missing, Refused
from core.lifecycle import move
from core.texts import gettext_noop as _
from training_jobs.executors.base import RunRefused, RunState, SandboxUnavailable
from training_jobs.executors.templates import find_template, template_folder
from training_jobs.models import APPROVALS_NEEDED, TrainingJob
from training_jobs.rules.errors import SpecificationError
from training_jobs.rules.lifecycle import JobState
from training_jobs.rules.specification import Specification, parse_specification
from training_jobs.work import choosing, copying, slots
from training_jobs.work.access import grant_of, inputs
from training_jobs.work.actor import RUNNER
from training_jobs.work.ending import end
from training_jobs.work.place import data_dir, executor, run_dir

SOON = timedelta(seconds=1)
NO_PLACE = timedelta(seconds=3)
NOTHING_LEFT = _("None of the images may be used for this purpose any more, so there is nothing to run on.")


def approved(job: TrainingJob) -> datetime | None:
    """An approved job begins as soon as there is a place for it, unless its access has ended meanwhile."""
    if not _may_begin(job):
        return None
    if not slots.take(job):
        return timezone.now() + NO_PLACE
    move(job, JobState.STAGING, by=RUNNER, attempt=job.attempt + 1, slot=job.slot)
    return timezone.now()


def staging(job: TrainingJob) -> datetime | None:
    """One of: see that the run has begun already, choose, copy, start."""
    if executor().observe(run_dir(job)).state is not RunState.UNKNOWN:
        return _running(job)
    if not _may_begin(job):
        return None
    if not slots.take(job):
        return timezone.now() + NO_PLACE
    try:
        return _prepare(job)
    except (SandboxUnavailable, RunRefused, SpecificationError, Missing) as refusal:
        if isinstance(refusal, Missing) and not choosing.still_the_same(job, grant_of(job)):
            return timezone.now()  # it was erased while it was being copied: choose anew
        end(job, JobState.FAILED, str(refusal))
    return None


def _may_begin(job: TrainingJob) -> bool:
    """Ends the job where somebody asked for that, or where its access has ended."""
    try:
        if job.stop_asked:
            end(job, JobState.CANCELLED, _("The job was cancelled before it began."))
            return False
        grant_of(job)
    except Refused as refusal:
        end(job, JobState.CANCELLED, refusal.sentence, why=refusal.code)
        return False
    return True


def _prepare(job: TrainingJob) -> datetime | None:
    grant = grant_of(job)
    specification = approved_specification(job)
    if sentence := executor().available():
        raise SandboxUnavailable(sentence)
    if not inputs(job).exists():
        if not choosing.choose(job, grant, by=RUNNER):
            end(job, JobState.FAILED, NOTHING_LEFT)
            return None
        return timezone.now()
    if not choosing.still_the_same(job, grant):
        choosing.forget(job, by=RUNNER)
        return timezone.now()
    if not copying.copy_some(job, grant):
        return timezone.now()
    if not choosing.still_the_same(job, grant):
        return timezone.now()
    folder = template_folder(specification.template_name)
    executor().start(str(job.pk), specification, data_dir(job), folder, run_dir(job))
    return _running(job)


def approved_specification(job: TrainingJob) -> Specification:
    """The specification, if it is the very one that was approved; raises SpecificationError."""
    specification = parse_specification(job.specification, find_template(job.specification["template"]["name"]))
    agreed = job.approvals.filter(approves=True, spec_digest=specification.digest).count()
    if specification.digest != job.spec_digest or agreed < APPROVALS_NEEDED:
        raise RunRefused(_("This is not the specification that was approved, so it was not run."))
    return specification


def _running(job: TrainingJob) -> datetime:
    move(job, JobState.RUNNING, by=RUNNER, started_at=timezone.now())
    return timezone.now() + SOON

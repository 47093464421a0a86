"""What a report of a possible identity means for jobs: those under way end, and outputs are kept back while it stands.

What is kept back follows from the reports that stand now, so that it may be worked out again at any time.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.audit.record import record
from core.texts import gettext_noop as _
from registry import queries as registry
from registry import work as registry_work
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.rules.lifecycle import UNDER_WAY, JobState
from training_jobs.rules.templates import OutputKind
from training_jobs.work.access import RECALL
from training_jobs.work.telling import tell_researcher

#: What a report's page says of a job in one of these states; of any other, that it had read the images before.
WHAT: dict[str, str] = {JobState.RUNNING: "job_stopped", JobState.STAGING: "job_restaged"}
KEPT_BACK = _("Somebody may be recognised in what it shows or learnt from. Stop using copies that you have.")
FREE = _("Nobody can be recognised in it. It may be used again.")


def stop_recalled(report_id: UUID, *, by: Actor) -> list[UUID]:
    """In the report's transaction: jobs that run are to stop, outputs are kept back; returns the jobs to look at."""
    with transaction.atomic():
        jobs = users_of(report_id)
        jobs.filter(state=JobState.RUNNING, stop_asked="").update(stop_asked=RECALL)
        under_way = list(jobs.filter(state__in=UNDER_WAY).values_list("pk", flat=True))
        for job_id, state in jobs.values_list("pk", "state"):
            registry_work.note_followed(report_id, WHAT.get(state, "job_marked"), job_id)
        keep_back(by=by)
        for output in JobOutput.objects.filter(_of_report(report_id)).select_related("job"):
            registry_work.note_followed(report_id, "output_stopped", output.pk)
            registry_work.tell_holder_of(report_id, output.job.grant_id)
    return under_way


def keep_back(*, by: Actor) -> int:
    """Keeps back what a standing report stops, and frees what none stops any more; returns how many outputs changed."""
    stopped = JobOutput.objects.filter(_to_keep_back())
    taken = list(stopped.filter(recalled_at=None).select_related("job"))
    freed = list(JobOutput.objects.exclude(recalled_at=None).exclude(_to_keep_back()).select_related("job"))
    with transaction.atomic():
        for output in taken:
            if JobOutput.objects.filter(pk=output.pk, recalled_at=None).update(recalled_at=timezone.now()):
                _told(output, "recalled", _("A result of your training job is not given out now"), KEPT_BACK, by)
        for output in freed:
            if JobOutput.objects.filter(pk=output.pk).exclude(recalled_at=None).update(recalled_at=None):
                _told(output, "freed", _("A result of your training job may be used again"), FREE, by)
    return len(taken) + len(freed)


def users_of(report_id: UUID) -> QuerySet[TrainingJob]:
    """Jobs whose present attempt was given an image that the report stops, or that made the output that it names."""
    return TrainingJob.objects.filter(Q(pk__in=_given(report_id)) | Q(pk__in=_named(report_id).values("job_id")))


def _given(report_id: UUID) -> QuerySet[JobInput, Any]:
    """The jobs that hold, in their present attempt, an image that the report stops."""
    images = registry.images_in_report(report_id).values("pk")
    return JobInput.objects.filter(image_id__in=images, attempt=F("job__attempt")).values("job_id")


def _named(report_id: UUID) -> QuerySet[JobOutput]:
    named = registry.stopped_outputs().filter(pk=report_id).values("output_id")
    return JobOutput.objects.filter(pk__in=named)


def _of_report(report_id: UUID) -> Q:
    """A model remembers whom it learnt from; of other outputs only the one that the report names."""
    return Q(pk__in=_named(report_id).values("pk")) | Q(kind=OutputKind.MODEL, job_id__in=_given(report_id))


def _to_keep_back() -> Q:
    stopped = JobInput.objects.filter(image_id__in=registry.stopped_images().values("pk"), attempt=F("job__attempt"))
    named = registry.stopped_outputs().values("output_id")
    return Q(pk__in=named) | Q(kind=OutputKind.MODEL, job_id__in=stopped.values("job_id"))


def _told(output: JobOutput, event: str, title: str, body: str, by: Actor) -> None:
    record(f"training_jobs.output_{event}", output, by=by, data={"job": output.job_id})
    tell_researcher(output.job, f"{event}:{output.pk.hex[-12:]}", title, body)

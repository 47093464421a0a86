"""Lets out what enough reviewers agreed to: a copy in the released zone first, then the word that it is released."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.actors import Actor
from core.errors import Conflict
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from core.texts import gettext_noop as _
from registry.rules.news import News
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.queries.outputs import is_agreed
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work.actor import RUNNER
from training_jobs.work.telling import tell_donors, tell_researcher


def release(output_id: UUID) -> datetime | None:
    """Copies an agreed output into the released zone and only then marks it so. Safe to run twice."""
    output = JobOutput.objects.select_related("job", "stored", "released").filter(pk=output_id).first()
    if output is None or output.state != OutputState.HELD or not is_agreed(output):
        return None
    copy = output.released
    if copy is None or copy.state == ObjectState.ERASED:  # the reaper takes what was reserved and never written
        copy = _reserve(output)
    if copy.state == ObjectState.RESERVED:
        storage.write(copy, storage.read(output.stored), by=RUNNER)
    try:
        with transaction.atomic():
            lock(output.job)
            if not is_agreed(output):  # somebody withheld it, or a donor withdrew, meanwhile
                raise Conflict("This output was decided on meanwhile.")
            move(output, OutputState.RELEASED, by=RUNNER)
            tell_donors(output.job, News.RELEASED)
            settle(output.job, by=RUNNER)
    except Conflict:
        # Withheld meanwhile, or released by another worker, whose copy this then is.
        if not JobOutput.objects.filter(pk=output.pk, state=OutputState.RELEASED).exists():
            storage.erase([copy], by=RUNNER, why="withheld")
    return None


def _reserve(output: JobOutput) -> StoredObject:
    with transaction.atomic():
        copy = storage.reserve(
            Zone.RELEASED, programme_id=output.programme_id, donor_id=None, media_type=output.stored.media_type
        )
        JobOutput.objects.filter(pk=output.pk, released=output.released).update(released=copy)
    output.refresh_from_db(fields=["released"])
    if output.released is None:
        raise Conflict("This output was decided on meanwhile.")
    return output.released


def lock(job: TrainingJob) -> None:
    """Makes others who act on this job wait until the transaction ends (an UPDATE locks the row on every database)."""
    TrainingJob.objects.filter(pk=job.pk).update(attempt=F("attempt"))
    job.refresh_from_db(fields=["state", "flagged_at"])


def settle(job: TrainingJob, *, by: Actor) -> None:
    """Closes the review once every output is decided: RELEASED when something left, CLOSED when nothing did."""
    if job.state != JobState.IN_REVIEW or job.outputs.filter(state=OutputState.HELD).exists():
        return
    if job.outputs.filter(state=OutputState.RELEASED).exists():
        move(job, JobState.RELEASED, by=by)
        tell_researcher(job, "released", "Results of your training job are ready")
    else:
        move(job, JobState.CLOSED, by=by)
        tell_researcher(job, "closed", "No results of your training job were released", _("Its page says why."))

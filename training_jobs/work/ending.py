"""Ends a job that leaves nothing: its data removed first, then its state, then what else lies on the disk."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.lifecycle import move
from core.texts import gettext_noop as _
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work.actor import RUNNER
from training_jobs.work.place import remove_all, remove_data
from training_jobs.work.telling import tell_researcher

TITLES = {
    JobState.FAILED: _("Your training job failed"),
    JobState.STOPPED: _("Your training job was stopped"),
    JobState.LOST: _("Your training job was interrupted"),
    JobState.CANCELLED: _("Your training job was cancelled"),
}
#: Why a run failed may be a sentence with numbers in it; a notice is kept, and has fixed sentences.
WHY = _("Its page says why.")


def end(
    job: TrainingJob, to: JobState, reason: str, *, why: str = "", by: Actor = RUNNER, remove: bool = True, **also: Any
) -> None:
    """Moves the job to an end without outputs and gives its place free; `reason` is a sentence, `why` a code."""
    remove_data(job)
    with transaction.atomic():
        move(job, to, by=by, why=why, reason=reason[:300], slot=None, finished_at=timezone.now(), **also)
        tell_researcher(job, str(to), TITLES[to], WHY if to == JobState.FAILED else reason)
    if remove:
        remove_all(job.pk)

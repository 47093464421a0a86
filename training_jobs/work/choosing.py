"""Chooses what an attempt reads: the images that the grant reaches now, noted before a byte of them is copied."""

import shutil
from typing import TYPE_CHECKING

from django.db import transaction

from consent.work import remember
from core.actors import Actor
from core.audit.record import record
from registry import queries as registry
from training_jobs.models import JobInput, TrainingJob
from training_jobs.work.access import inputs
from training_jobs.work.place import data_dir

if TYPE_CHECKING:
    from registry.models import Grant


def choose(job: TrainingJob, grant: "Grant", *, by: Actor) -> int:
    """Writes the attempt's input rows, so that from now on a withdrawal finds the job; returns how many images."""
    entries = list(registry.entries_for(grant))
    with transaction.atomic():
        remember(registry.asked_in(grant), job.programme_id)
        JobInput.objects.bulk_create(
            [
                JobInput(job=job, attempt=job.attempt, donor_id=e.donor_id, image_id=e.image_id, sha256=e.sha256)
                for e in entries
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
        counts = {"image_count": len(entries), "donor_count": len({entry.donor_id for entry in entries})}
        TrainingJob.objects.filter(pk=job.pk).update(**counts)
        record("training_jobs.inputs_chosen", job, by=by, data=counts | {"attempt": job.attempt})
    return len(entries)


def still_the_same(job: TrainingJob, grant: "Grant") -> bool:
    """Whether every chosen image is one that the grant still reaches."""
    chosen = set(inputs(job).values_list("image_id", flat=True))
    return chosen <= set(registry.entries_for(grant).values_list("image_id", flat=True))


def forget(job: TrainingJob, *, by: Actor) -> None:
    """Takes back a choice that nothing has run on: the copies first, then the rows that tell of them."""
    shutil.rmtree(data_dir(job), ignore_errors=True)
    if data_dir(job).exists():
        raise RuntimeError("staged data are still there after their removal")
    with transaction.atomic():
        inputs(job).delete()
        record("training_jobs.inputs_forgotten", job, by=by, data={"attempt": job.attempt})

"""How many jobs may run at once: each holds a numbered place, and the database lets no two hold the same."""

from django.conf import settings
from django.db import IntegrityError, transaction

from training_jobs.models import TrainingJob


def take(job: TrainingJob) -> bool:
    """Takes a free place for the job; False when all are taken. Asking again keeps the place that it has."""
    if job.slot is not None:
        return True
    taken = set(TrainingJob.objects.exclude(slot=None).values_list("slot", flat=True))
    for number in set(range(settings.JOBS_AT_ONCE)) - taken:
        try:
            with transaction.atomic():
                got = TrainingJob.objects.filter(pk=job.pk, state=job.state, slot=None).update(slot=number)
        except IntegrityError:
            continue  # another worker has just taken this one
        if got:
            job.slot = number
        return bool(got)
    return False

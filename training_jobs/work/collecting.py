"""A run that ended well: its files are checked, stored in the outputs zone and held there for reviewers."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from core.canonical import sha256_hex
from core.lifecycle import move
from core.storage import work as storage
from core.storage.zones import ObjectState, Zone
from core.texts import gettext_noop as _
from training_jobs.executors import record as files
from training_jobs.executors.templates import find_template
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.rules.output_checks import Check, check
from training_jobs.work.actor import RUNNER
from training_jobs.work.place import remove_all, run_dir
from training_jobs.work.pseudonyms import pseudonym
from training_jobs.work.recalling import keep_back
from training_jobs.work.releasing import lock, settle
from training_jobs.work.telling import tell_researcher, tell_reviewers

UNKNOWN = "unknown"
MEDIA_TYPES = {".json": "application/json", ".csv": "text/csv", ".md": "text/markdown"}


def succeeded(job: TrainingJob) -> datetime | None:
    """Stores what is not stored yet, then opens the review. Rows come before bytes, so that a kill loses neither."""
    known = _identifiers(job)
    expected = find_template(job.specification["template"]["name"]).outputs
    for path in _left(job):
        data = path.read_bytes()
        output = job.outputs.filter(name=path.name).select_related("stored").first()
        if output is None:
            kind = str(expected.get(path.name, UNKNOWN))
            output = _hold(job, kind, data, check(path.name, data, expected=expected, known_identifiers=known))
        if output.stored.state == ObjectState.RESERVED:
            storage.write(output.stored, data, by=RUNNER)
    with transaction.atomic():
        lock(job)
        if job.flagged_at:  # a donor withdrew between the run's end and now
            job.outputs.filter(flagged_at=None).update(flagged_at=job.flagged_at)
        keep_back(by=RUNNER)
        move(job, JobState.IN_REVIEW, by=RUNNER)
        tell_reviewers(job, "in_review", "The outputs of a training job wait for review")
        tell_researcher(job, "in_review", "Your training job has finished", _("Reviewers look at its outputs now."))
        settle(job, by=RUNNER)
    remove_all(job.pk)
    return None


def _left(job: TrainingJob) -> list[Path]:
    folder = run_dir(job) / files.OUTPUTS
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _hold(job: TrainingJob, kind: str, data: bytes, found: Check) -> JobOutput:
    """The output's row with its object reserved; nobody's object, because no single donor's withdrawal erases it."""
    media_type = MEDIA_TYPES.get(Path(found.name).suffix, "application/octet-stream")
    with transaction.atomic():
        stored = storage.reserve(Zone.OUTPUTS, programme_id=job.programme_id, donor_id=None, media_type=media_type)
        return JobOutput.objects.create(
            job=job,
            programme_id=job.programme_id,
            name=found.name,
            kind=kind,
            stored=stored,
            size=len(data),
            sha256=sha256_hex(data),
            check_outcome=found.outcome,
            check_reasons=list(found.reasons),
        )


def _identifiers(job: TrainingJob) -> set[str]:
    """Every name by which the job knew a donor or an image, and the registry's own ids of them."""
    rows = JobInput.objects.filter(job=job).values_list("donor_id", "image_id")
    names = {str(value) for row in rows for value in row}
    names |= {pseudonym(job.pk, "donor", donor) for donor, _ in rows}
    return names | {pseudonym(job.pk, "image", image) for _, image in rows}

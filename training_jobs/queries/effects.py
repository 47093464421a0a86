"""What a donor's change would do to computer training that uses, or has used, their images."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import ngettext_lazy

from consent import queries as consent
from consent.rules.effects import Change, Effect
from consent.rules.withdrawing import WithdrawalKind
from registry import queries as registry
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.queries.jobs import used_by
from training_jobs.rules.lifecycle import ENDED_WELL, UNDER_WAY, JobState, OutputState
from training_jobs.rules.templates import OutputKind

WAITING = (JobState.SUBMITTED, JobState.APPROVED)
STOPPED = ngettext_lazy(
    "%(n)s computer training that runs now is stopped.",
    "%(n)s computer trainings that run now are stopped.",
    "number",
)
WITHOUT = ngettext_lazy(
    "%(n)s computer training that waits goes ahead without your scans.",
    "%(n)s computer trainings that wait go ahead without your scans.",
    "number",
)
LEARNED = ngettext_lazy(
    "%(n)s computer training that has finished with your scans cannot be undone. What was learned cannot be forgotten.",
    "%(n)s computer trainings that have finished with your scans cannot be undone. What was learned cannot be "
    "forgotten.",
    "number",
)
LEFT = ngettext_lazy(
    "%(n)s computer model that learned from your scans already left us. We mark it and tell whoever has it.",
    "%(n)s computer models that learned from your scans already left us. We mark them and tell whoever has them.",
    "number",
)


def foreseen(donor_id: UUID, change: Change) -> Iterator[Effect]:
    """The sentences: what is stopped, what goes on without, and what no change can undo."""
    if change.kind == WithdrawalKind.NO_CONTACT:
        return
    used = used_by(donor_id)
    running, waiting = list(used.filter(state__in=UNDER_WAY)), _waiting(donor_id)
    ended = list(used.filter(state__in=ENDED_WELL))
    asked = registry.asked_of_grants(job.grant_id for job in (*running, *waiting, *ended))
    goes_on = {pk for pk, question in asked.items() if consent.goes_on(change, question)}
    running, waiting, ended = (
        [job for job in jobs if job.grant_id not in goes_on] for jobs in (running, waiting, ended)
    )
    if running:
        yield consent.counted(STOPPED, len(running))
    if waiting:
        yield consent.counted(WITHOUT, len(waiting))
    if ended:
        yield consent.counted(LEARNED, len(ended), is_final=True)
    left = JobOutput.objects.filter(job__in=ended, kind=OutputKind.MODEL, state=OutputState.RELEASED).count()
    if left:
        yield consent.counted(LEFT, left, is_final=True)


def _waiting(donor_id: UUID) -> list[TrainingJob]:
    """Jobs that have not chosen their images yet and would take the donor's."""
    held = registry.versions_holding(donor_id).values("pk")
    chosen = JobInput.objects.filter(donor_id=donor_id).values("job_id")
    return list(TrainingJob.objects.filter(version_id__in=held, state__in=WAITING).exclude(pk__in=chosen))

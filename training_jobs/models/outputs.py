"""What a job produced, what the checks said of it, and who let it go."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from training_jobs.models.jobs import TrainingJob
from training_jobs.rules.lifecycle import OUTPUT_TRANSITIONS, OutputState


@privacy(
    plain="job programme_id name kind stored released size sha256 check_outcome check_reasons state flagged_at "
    "recalled_at created_at"
)
class JobOutput(Row):
    """One output file, held until reviewers decide. `released` is its copy in the released zone.

    `recalled_at`: since when a report keeps it back: somebody may be recognised in it, or in what it learnt from.
    """

    TRANSITIONS: ClassVar[Transitions] = OUTPUT_TRANSITIONS

    job = models.ForeignKey(TrainingJob, on_delete=models.PROTECT, related_name="outputs")
    programme_id = models.UUIDField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    stored = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, related_name="+")
    released = models.OneToOneField("storage.StoredObject", null=True, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    check_outcome = models.CharField(max_length=20)
    check_reasons = models.JSONField(default=list)
    state = state_field(OutputState, OutputState.HELD)
    flagged_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "output"
        ordering = ("name",)
        constraints = [
            state_check(OutputState, "output_state_known"),
            models.UniqueConstraint(fields=["job", "name"], name="output_once"),
        ]


@privacy(personal="reviewer reason", plain="output releases decided_at")
class OutputDecision(Row):
    """One reviewer's decision on one output."""

    output = models.ForeignKey(JobOutput, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    releases = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "reviewer"], name="one_output_decision_a_reviewer")]

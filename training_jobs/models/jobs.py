"""Training jobs, who approved exactly what, and whose data each one read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from training_jobs.rules.lifecycle import TRANSITIONS, JobState

#: How many reviewers, other than the researcher, must approve the very same specification.
APPROVALS_NEEDED = 2
#: Asked for, and not ended yet.
OPEN = (JobState.SUBMITTED, JobState.APPROVED, JobState.STAGING, JobState.RUNNING, JobState.LOST)


@privacy(
    personal="researcher",
    plain="programme grant_id version_id title specification spec_digest state attempt donor_count image_count "
    "data_digest progress metrics reason slot stop_asked created_at started_at finished_at flagged_at flag_reason",
)
class TrainingJob(Row):
    """A job against one version under one grant. `specification` is canonical; approvals bind its digest.

    `data_digest` is of the staged manifest: what the job really read. `flagged_at` is set when a donor whose data
    it used withdraws. `slot` is the place that it holds among those that may run at once; `stop_asked` the code of
    why it is to end early.
    """

    TRANSITIONS: ClassVar[Transitions] = TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    grant_id = models.UUIDField(db_index=True)
    version_id = models.UUIDField(db_index=True)
    researcher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    specification = models.JSONField()
    spec_digest = models.CharField(max_length=64)
    state = state_field(JobState, JobState.SUBMITTED)
    attempt = models.PositiveIntegerField(default=0)
    donor_count = models.PositiveIntegerField(null=True)
    image_count = models.PositiveIntegerField(null=True)
    data_digest = models.CharField(max_length=64, blank=True)
    progress = models.FloatField(default=0)
    metrics = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    slot = models.PositiveSmallIntegerField(null=True, unique=True)
    stop_asked = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    flag_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "job"
        ordering = ("-id",)
        constraints = [
            state_check(JobState, "job_state_known"),
            # A form that is posted twice asks once.
            models.UniqueConstraint(
                fields=["grant_id", "spec_digest"],
                condition=models.Q(state__in=[state.value for state in OPEN]),
                name="job_once_while_open",
            ),
        ]


@privacy(personal="reviewer reason", plain="job spec_digest approves decided_at")
class JobApproval(Row):
    """One reviewer's decision on exactly one specification."""

    job = models.ForeignKey(TrainingJob, on_delete=models.PROTECT, related_name="approvals")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    spec_digest = models.CharField(max_length=64)
    approves = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "reviewer"], name="one_decision_a_reviewer")]


@privacy(personal="donor_id", plain="job image_id attempt sha256")
class JobInput(Row):
    """One image that a job was given, so that a withdrawal finds every job that saw it."""

    job = models.ForeignKey(TrainingJob, on_delete=models.PROTECT, related_name="inputs")
    donor_id = models.UUIDField(db_index=True)
    image_id = models.UUIDField()
    attempt = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "attempt", "image_id"], name="input_once")]

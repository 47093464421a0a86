"""Reports that released data may show who somebody is, what each names, and who was told and has answered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.models.access import Grant
from registry.models.datasets import DatasetVersion
from registry.models.images import Image
from registry.rules.lifecycle import REPORT_TRANSITIONS, ReportState
from registry.rules.recall import Scope


@privacy(
    identifying="description",
    personal="reporter decided_by uid",
    plain="programme state seen scope sha256 path version output_id recheck_id same_study opened_at decided_at reason",
)
class IdentityReport(Row):
    """Somebody says that released data may show who a person is.

    `reporter` is empty where nobody was signed in, and where a recheck (`recheck_id`, curation's) found it.
    `same_study`: whoever gave the same examination from another account has withdrawn.
    `description` is for those who decide, and is emptied with the decision: it may well name somebody.
    """

    TRANSITIONS: ClassVar[Transitions] = REPORT_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    state = state_field(ReportState, ReportState.OPEN)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=10)
    scope = models.CharField(max_length=10, default=Scope.SERIES.value)
    description = models.TextField(blank=True)
    uid = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=200, blank=True)
    version = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    output_id = models.UUIDField(null=True, db_index=True)
    recheck_id = models.UUIDField(null=True)
    same_study = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "report"
        ordering = ("-id",)
        constraints = [
            state_check(ReportState, "report_state_known"),
            models.UniqueConstraint(
                fields=["recheck_id"],
                condition=models.Q(state="open", recheck_id__isnull=False),
                name="one_open_report_a_recheck",
            ),
        ]


@privacy(plain="report image is_named")
class ReportedImage(Row):
    """One image that a report stops: named itself, or of the same series as one that is."""

    report = models.ForeignKey(IdentityReport, on_delete=models.PROTECT, related_name="images")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    is_named = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "image"], name="image_once_a_report")]


@privacy(plain="report withdrawal grant told_at deadline attested_at overdue_at")
class HolderNotice(Row):
    """The holder of a grant was told: of a report, or that a donor has withdrawn whose images they could use.

    Who has signed has to answer by `deadline`, or their access ends.
    """

    report = models.ForeignKey(IdentityReport, null=True, on_delete=models.PROTECT, related_name="notices")
    withdrawal = models.ForeignKey("consent.Withdrawal", null=True, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True)
    attested_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "grant"], name="holder_told_once"),
            models.UniqueConstraint(fields=["withdrawal", "grant"], name="holder_told_once_a_withdrawal"),
            models.CheckConstraint(
                condition=models.Q(report=None, withdrawal__isnull=False)
                | models.Q(report__isnull=False, withdrawal=None),
                name="holder_told_of_one_thing",
            ),
        ]


@privacy(plain="report what subject_id at")
class RecallStep(Row):
    """Something that followed from a report: `what` is a code, `subject_id` the thing (a version, a job, a series)."""

    report = models.ForeignKey(IdentityReport, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["report", "what", "subject_id"], name="step_once_a_report")]

"""Rechecks: all clean files of a programme looked through again, and what was found of each."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from curation.models.cleaned import Derivation
from curation.rules.lifecycle import RECHECK_TRANSITIONS, RecheckState
from curation.rules.outcomes import Outcome


@privacy(plain="programme state report asked_by total seen_to rules_digest code_digest started_at finished_at")
class Recheck(Row):
    """All clean files of a programme, looked through under the rules of today. `seen_to` is the last that was.

    `report` is the confirmed report that asked for it. `code_digest` stands for the very rules and code that looked.
    """

    TRANSITIONS: ClassVar[Transitions] = RECHECK_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    state = state_field(RecheckState, RecheckState.RUNNING)
    report = models.OneToOneField("registry.IdentityReport", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=80)
    total = models.PositiveIntegerField(default=0)
    seen_to = models.UUIDField(null=True)
    rules_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            state_check(RecheckState, "recheck_state_known"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(state="running"), name="one_recheck_at_a_time"
            ),
        ]


@privacy(plain="recheck derivation outcome codes rules_before code_digest is_settled at")
class Rechecked(Row):
    """What one recheck found of one clean file. `codes` say what (curation/work/look.py), never a value.

    `rules_before` is the digest of the rules that the file was cleaned under; a hit is settled once it has its
    consequences.
    """

    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, related_name="files")
    derivation = models.ForeignKey(Derivation, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    codes = models.JSONField(default=list)
    rules_before = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    is_settled = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recheck", "derivation"], name="looked_at_once_a_recheck"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[each.value for each in Outcome]), name="recheck_outcome_known"
            ),
        ]
        indexes = [models.Index(fields=["derivation", "code_digest"], name="looked_at_under")]

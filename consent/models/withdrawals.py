"""Withdrawals and their duties: a saga of rows, each with an owner, a deadline, attempts and a proof."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from consent.models.donors import Donor
from consent.rules.lifecycle import (
    WITHDRAWAL_STEP_TRANSITIONS,
    WITHDRAWAL_TRANSITIONS,
    WithdrawalState,
    WithdrawalStepState,
)
from consent.rules.withdrawing import LEAVING, WithdrawalKind
from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy


@privacy(personal="donor", plain="programme_id kind state effective_at completed_at certificate_sha256")
class Withdrawal(Row):
    """A donor's act, and how far it goes (consent/rules/withdrawing.py).

    `certificate_sha256`: of the certificate that lists every step with its proof; there is none before all are done.
    """

    TRANSITIONS: ClassVar[Transitions] = WITHDRAWAL_TRANSITIONS

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="withdrawals")
    programme_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in WithdrawalKind])
    state = state_field(WithdrawalState, WithdrawalState.UNDER_WAY)
    effective_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            state_check(WithdrawalState, "withdrawal_state_known"),
            models.UniqueConstraint(
                fields=["donor", "kind"],
                condition=models.Q(state="under_way", kind__in=sorted(kind.value for kind in LEAVING)),
                name="one_withdrawal_under_way",
            ),
            models.CheckConstraint(
                condition=models.Q(certificate_sha256="") | models.Q(state="complete", completed_at__isnull=False),
                name="certificate_only_when_complete",
            ),
        ]


@privacy(plain="withdrawal programme_id duty title owner position state deadline attempts proof last_error done_at")
class WithdrawalStep(Row):
    """One duty of one withdrawal. `proof` holds codes, counts and digests that show that it was done."""

    TRANSITIONS: ClassVar[Transitions] = WITHDRAWAL_STEP_TRANSITIONS

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="steps")
    programme_id = models.UUIDField()
    duty = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    owner = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    state = state_field(WithdrawalStepState, WithdrawalStepState.DUE)
    deadline = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    proof = models.JSONField(default=dict)
    last_error = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "step"
        ordering = ("position",)
        constraints = [
            state_check(WithdrawalStepState, "withdrawal_step_state_known"),
            models.UniqueConstraint(fields=["withdrawal", "duty"], name="duty_once_per_withdrawal"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="done_step_has_its_time"
            ),
        ]

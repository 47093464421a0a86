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
from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy


@privacy(personal="donor", plain="programme_id kind state effective_at completed_at")
class Withdrawal(Row):
    """A donor's act. `kind` is `no_further_use` (images and clean objects go) or `erase` (the person's details too)."""

    TRANSITIONS: ClassVar[Transitions] = WITHDRAWAL_TRANSITIONS

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="withdrawals")
    programme_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, choices=[("no_further_use", "no further use"), ("erase", "erase")])
    state = state_field(WithdrawalState, WithdrawalState.UNDER_WAY)
    effective_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            state_check(WithdrawalState, "withdrawal_state_known"),
            models.UniqueConstraint(
                fields=["donor"], condition=models.Q(state="under_way"), name="one_withdrawal_under_way"
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
        ]

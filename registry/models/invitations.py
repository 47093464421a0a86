"""Hospitals that a donor has asked to send images into a donation, by a code that stands in a letter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.rules.lifecycle import INVITATION_TRANSITIONS, InvitationState


@privacy(plain="donation programme_id number state digest made_at expires_at opened_at closed_at")
class Invitation(Row):
    """One letter's code. Neither the hospital nor what it was asked for is kept: the donor knows it by its number.

    Only the code's SHA-256 is kept. `opened_at` is when the code was first typed.
    """

    TRANSITIONS: ClassVar[Transitions] = INVITATION_TRANSITIONS

    donation = models.ForeignKey("registry.Donation", on_delete=models.PROTECT, related_name="invitations")
    programme_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    state = state_field(InvitationState, InvitationState.OPEN)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(InvitationState, "invitation_state_known"),
            models.UniqueConstraint(fields=["donation", "number"], name="invitation_number_once"),
            models.CheckConstraint(
                condition=Q(state=InvitationState.OPEN, closed_at=None)
                | (~Q(state=InvitationState.OPEN) & Q(closed_at__isnull=False)),
                name="invitation_closed_has_day",
            ),
        ]

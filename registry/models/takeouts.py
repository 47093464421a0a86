"""Copies of files as they were sent, made by a worker for the donor who asked for them, and kept for some days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.rules.lifecycle import TAKEOUT_TRANSITIONS, TakeoutState


@privacy(personal="donor", plain="programme_id state asked_at expires_at")
class Takeout(Row):
    """One donor's copies, at most one at a time that has not ended; `expires_at` says until when they are there."""

    TRANSITIONS: ClassVar[Transitions] = TAKEOUT_TRANSITIONS

    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    programme_id = models.UUIDField()
    state = state_field(TakeoutState, TakeoutState.MAKING)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "copy"
        constraints = [
            state_check(TakeoutState, "takeout_state_known"),
            models.UniqueConstraint(
                fields=["donor"], condition=~Q(state=TakeoutState.ENDED), name="takeout_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=TakeoutState.READY) | Q(expires_at__isnull=False), name="takeout_ready_expires"
            ),
        ]


@privacy(plain="takeout file stored")
class TakeoutFile(Row):
    """The copy of one file; without `stored` its bytes were found damaged, and there is none."""

    takeout = models.ForeignKey(Takeout, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("registry.DonatedFile", on_delete=models.PROTECT, related_name="+")
    stored = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["takeout", "file"], name="takeout_file_once")]

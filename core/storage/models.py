"""A row for every object in every zone; the row comes before the bytes and stays after them as proof."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from core.storage.zones import TRANSITIONS, ObjectState, Zone


@privacy(plain="programme_id donor_id zone state size sha256 media_type created_at stored_at erased_at")
class StoredObject(Row):
    """One object: its key in the zone is its id. `donor_id` says whose withdrawal erases it (None for nobody's)."""

    TRANSITIONS: ClassVar[Transitions] = TRANSITIONS

    programme_id = models.UUIDField(db_index=True)
    donor_id = models.UUIDField(null=True, db_index=True)
    zone = models.CharField(max_length=20, choices=[(z.value, z.value) for z in Zone])
    state = state_field(ObjectState, ObjectState.RESERVED)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=80, default="application/octet-stream")
    created_at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "object"
        constraints = [
            state_check(ObjectState, "object_state_known"),
            models.CheckConstraint(condition=models.Q(zone__in=[z.value for z in Zone]), name="object_zone_known"),
        ]
        indexes = [models.Index(fields=["zone", "donor_id"], name="object_by_zone_donor")]

    @property
    def key(self) -> str:
        """The opaque key within the zone."""
        return str(self.id)

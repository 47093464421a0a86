"""A row for every object in every zone; the row comes before the bytes and stays after them as proof."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from core.storage.zones import TRANSITIONS, Damage, ObjectState, Zone


@privacy(
    plain="programme_id donor_id zone state size sha256 media_type created_at stored_at erased_at "
    "sealed_key key_id was_plain checked_at damage damaged_at part_of start piece_count"
)
class StoredObject(Row):
    """One object: its key in the zone is its id. `donor_id` says whose withdrawal erases it (None for nobody's).

    `sealed_key` is its data key, wrapped under the key that `key_id` names, and goes with its bytes; without one
    the bytes are stored as they are. Bytes that `was_plain` are being sealed: they may lie there in either form.
    `checked_at` says when the bytes were last compared with their digest, `damage` what was found (rules in zones.py),
    and `damaged_at` since when that is known.

    What lies under its key are all of its bytes, but for those of its pieces (`piece_count` of them), which come first:
    objects that are `part_of` it, each from byte `start` on. `size` and `sha256` are those of all (pieces.py).
    """

    TRANSITIONS: ClassVar[Transitions] = TRANSITIONS
    #: In memory only, of an object that this process makes, until its bytes are stored (keys.py).
    data_key: bytes | None = None

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
    sealed_key = models.BinaryField(null=True)
    key_id = models.CharField(max_length=16, blank=True)
    was_plain = models.BooleanField(default=False)
    checked_at = models.DateTimeField(default=timezone.now)
    damage = models.CharField(max_length=10, blank=True)
    damaged_at = models.DateTimeField(null=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="pieces")
    start = models.BigIntegerField(null=True)
    piece_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "object"
        constraints = [
            state_check(ObjectState, "object_state_known"),
            models.CheckConstraint(condition=models.Q(zone__in=[z.value for z in Zone]), name="object_zone_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ObjectState.ERASED.value) | models.Q(sealed_key=None),
                name="object_erased_with_its_key",
            ),
            models.CheckConstraint(
                condition=models.Q(sealed_key=None, key_id="", was_plain=False)
                | (models.Q(sealed_key__isnull=False) & ~models.Q(key_id="")),
                name="object_key_named",
            ),
            models.CheckConstraint(
                condition=models.Q(damage__in=["", *(each.value for each in Damage)]), name="object_damage_known"
            ),
            models.CheckConstraint(
                condition=models.Q(part_of=None, start=None)
                | models.Q(part_of__isnull=False, start__isnull=False, piece_count=0),
                name="object_piece_placed",
            ),
            models.UniqueConstraint(fields=["part_of", "start"], name="object_piece_once"),
        ]
        indexes = [
            models.Index(fields=["zone", "donor_id"], name="object_by_zone_donor"),
            models.Index(fields=["checked_at"], condition=models.Q(state="stored"), name="object_next_checked"),
        ]

    @property
    def key(self) -> str:
        """The opaque key within the zone."""
        return str(self.id)


@privacy(plain="zone key first_seen_at seen_at")
class Orphan(Row):
    """Bytes under a key that looks like one of ours and has no row: since when, and when they were seen last."""

    zone = models.CharField(max_length=20)
    key = models.UUIDField()
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "key"], name="orphan_once")]

"""Who an erased donor was, locked away for a stated time as evidence of who signed, under a key of their own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models.donors import Donor
from core.rows import Row, privacy


@privacy(plain="wrapped created_at")
class IdentityKey(Row):
    """The key of one sealed identity, wrapped by the master key. With this row destroyed, nothing opens the other."""

    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)


@privacy(identifying="sealed", personal="donor", plain="key_id until created_at shredded_at")
class SealedIdentity(Row):
    """Name, birth date and salt of an erased person, under a key of their own, until `until`.

    `key_id` names the key and is no foreign key: the row stays as evidence of when the key was destroyed.
    """

    donor = models.OneToOneField(Donor, on_delete=models.PROTECT, related_name="+")
    key_id = models.UUIDField()
    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    shredded_at = models.DateTimeField(null=True)


@privacy(personal="asked_by opened_by closed_by", plain="sealed programme_id reference asked_at opened_at closed_at")
class IdentityOpening(Row):
    """One steward asks for a sealed identity to be opened for a court, another opens it; it is shown that once.

    Or it is closed unopened: the order was no order, or its number was mistyped.
    `reference` is the order's number, in which nobody is named (consent/rules/opening.py).
    """

    sealed = models.ForeignKey(SealedIdentity, on_delete=models.PROTECT, related_name="openings")
    programme_id = models.UUIDField()
    reference = models.CharField(max_length=60)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_by=None) | ~Q(opened_by=F("asked_by")), name="identity_opened_by_another"
            ),
            models.CheckConstraint(
                condition=Q(opened_by=None, opened_at=None) | Q(opened_by__isnull=False, opened_at__isnull=False),
                name="identity_opened_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | Q(closed_by__isnull=False, closed_at__isnull=False, opened_at=None),
                name="identity_opened_or_closed",
            ),
            models.UniqueConstraint(
                fields=["sealed"],
                condition=Q(opened_at=None, closed_at=None),
                name="one_waiting_opening_an_identity",
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether it was neither opened nor closed."""
        return self.opened_at is None and self.closed_at is None

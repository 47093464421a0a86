"""Who an erased donor was, locked away for a stated time as evidence of who signed, under a key of their own."""

from django.db import models
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

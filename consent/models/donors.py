"""Donors, who are permanent and say nothing personal, and the persons behind them, who can be erased."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


def new_salt() -> bytes:
    """32 random bytes; with them destroyed, a commitment can no longer be tied to a person."""
    return secrets.token_bytes(32)


@privacy(plain="programme joined_at")
class Donor(Row):
    """A donor of one programme. Evidence points here and is protected; nothing here says who it is."""

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)


@privacy(
    identifying="given_name family_name previous_names birth_date salt",
    personal="donor user",
    plain="created_at",
)
class Person(Row):
    """Who a donor is. Erased on request, with the salt of the commitments made about them."""

    donor = models.OneToOneField(Donor, on_delete=models.PROTECT, related_name="person")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_name = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120)
    #: Names that older examinations may carry, such as a maiden name.
    previous_names = models.JSONField(default=list)
    birth_date = models.DateField()
    salt = models.BinaryField(default=new_salt)
    created_at = models.DateTimeField(default=timezone.now)

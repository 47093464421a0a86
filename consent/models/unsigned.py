"""What somebody has said on the way to signing, until they sign or it expires."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from consent.models.forms import FormVersion
from core.rows import Row, privacy

#: A sign-up that was left half-way holds a name: long enough to ask one's family, and not longer.
KEPT = timedelta(days=14)


def expiry() -> datetime:
    """When something that is written down now is erased."""
    return timezone.now() + KEPT


@privacy(identifying="details", personal="user choices unfinished", plain="about form_version language expires_at")
class Unsigned(Row):
    """One person's answers so far. `about` is the programme that they join, or the donor whose choices they change."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.UUIDField()
    details = models.JSONField(default=dict)
    #: Complete answers, as somebody went on with them, and what they have ticked since without going on.
    choices = models.JSONField(default=dict)
    unfinished = models.JSONField(default=dict)
    #: The version that the choices answer.
    form_version = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12, blank=True)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="unsigned_once")]

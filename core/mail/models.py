"""One row per e-mail that has not been sent yet; it is gone once it was."""

from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


@privacy(identifying="to subject body", plain="created_at")
class WaitingMail(Row):
    """An e-mail on its way. Its link can be somebody's key, so nothing of it is kept after sending."""

    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

"""One row per message to a person."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


@privacy(personal="user", plain="title body link created_at read_at emailed_at dedupe")
class Notice(Row):
    """A message in someone's inbox. `title` and `body` are fixed sentences without names or findings.

    They are kept in English and translated where they are shown, by the language of whoever reads them then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=200)
    dedupe = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

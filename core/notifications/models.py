"""One row per message to a person, and one for how a person wants to hear news."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.notifications.pace import Pace
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


@privacy(personal="user", plain="pace by_mail changed_at")
class NewsChoice(Row):
    """How somebody wants to hear news that are for them to know and ask nothing of them. Without a row: pace.Wanted."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pace = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Pace])
    by_mail = models.BooleanField()
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pace__in=[p.value for p in Pace]), name="news_pace_known"),
        ]

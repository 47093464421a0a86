"""What a donor is to be told of the use of their gift: one row per donor and event, so that each is told once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.rows import Row, privacy
from registry.rules.news import News


@privacy(personal="donor", plain="what subject_id noted_at due_at told_at")
class UseNews(Row):
    """`subject_id`: the grant or training that it is about. `due_at`: until then it waits for other news."""

    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=[(n.value, n.value) for n in News])
    subject_id = models.UUIDField()
    noted_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(what__in=[n.value for n in News]), name="news_known"),
            models.UniqueConstraint(fields=["donor", "what", "subject_id"], name="news_once_a_donor"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(told_at=None), name="news_untold")]

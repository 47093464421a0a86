"""One row per piece of work that is due, leased to at most one worker at a time."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.rows import Row, privacy


@privacy(plain="kind subject_id done due_at lease_until lease attempts asked last_error created_at done_at woken_at")
class DueWork(Row):
    """`kind` names the handler, `subject_id` the thing it works on. Asking twice keeps one row.

    `asked` counts the askings: a worker that finishes sees whether it was asked again meanwhile.
    `lease` is the token of the worker that holds the row until `lease_until`.
    """

    kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    done = models.BooleanField(default=False)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=1)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at",)
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], condition=Q(done=False), name="due_once_at_a_time"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done=False), name="due_open")]


@privacy(plain="name after")
class Place(Row):
    """Where a search that takes many runs goes on: after the row with this id, or, without one, from the first."""

    name = models.CharField(max_length=60, unique=True)
    after = models.UUIDField(null=True)

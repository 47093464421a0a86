"""What a committee decided of the matters that donors' consents leave to a person; put once, never changed."""

from django.db import models
from django.utils import timezone

from core.append_only import AppendOnlyRow, Guard
from core.rows import Row, privacy
from registry.models.access import AccessRequest


@privacy(plain="request matter code sentence covered decided_at")
class MatterDecision(AppendOnlyRow, Row):
    """Whether one matter counts as covered by the consents, for one request alone. What has no row is not covered.

    `matter` is the key of a Matter (consent/rules/verdicts.py); `sentence` is as the committee read it.
    """

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="matters")
    matter = models.CharField(max_length=80)
    code = models.CharField(max_length=20)
    sentence = models.TextField()
    covered = models.BooleanField()
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("matter",)
        constraints = [models.UniqueConstraint(fields=["request", "matter"], name="one_decision_a_matter")]


GUARD = Guard(
    "registry_matterdecision",
    ("id", "request_id", "matter", "code", "sentence", "covered", "decided_at"),
    unique=("id", ("request_id", "matter")),
)

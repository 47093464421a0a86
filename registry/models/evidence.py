"""What a grantee owes as evidence of what donors ask for, one row for each obligation of a signed agreement."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.models.access import Grant
from registry.rules.evidence import FIRST
from registry.rules.lifecycle import EVIDENCE_TRANSITIONS, EvidenceState


@privacy(
    personal="reference remark decided_by",
    plain="programme grant code sentence sentence_sha256 shows state due_at given_at decided_at "
    "warned_at reminded_at created_at",
)
class Evidence(Row):
    """Evidence that is owed under a grant. `sentence`: what must be done, of any length; `shows`: what would show it.

    `reference` says where the evidence is: a number, an address, the id of a file. `remark`: why it was sent back.
    """

    TRANSITIONS: ClassVar[Transitions] = EVIDENCE_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="evidence")
    code = models.CharField(max_length=20)
    sentence = models.TextField()
    sentence_sha256 = models.CharField(max_length=64)
    shows = models.TextField()
    state = state_field(EvidenceState, EvidenceState.OWED)
    due_at = models.DateTimeField()
    reference = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: When the grantee was told that it is due soon, and that it is overdue.
    warned_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("due_at", "id")
        verbose_name_plural = "evidence"
        constraints = [
            state_check(EvidenceState, "evidence_state_known"),
            models.UniqueConstraint(fields=["grant", "code", "sentence_sha256"], name="evidence_once_a_grant"),
            models.CheckConstraint(
                condition=models.Q(state="owed") | (~models.Q(reference="") & models.Q(given_at__isnull=False)),
                name="evidence_says_where",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="evidence_accepted_by_somebody",
            ),
        ]

    @property
    def comes_first(self) -> bool:
        """Whether it must be accepted before anything is used."""
        return self.code in FIRST

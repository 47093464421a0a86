"""Requests for access, the committee's votes, and the grants that follow."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.models.datasets import DatasetVersion
from registry.rules.lifecycle import GRANT_TRANSITIONS, REQUEST_TRANSITIONS, GrantState, RequestState


@privacy(
    personal="researcher",
    plain="programme version title aim use use_digest institution state permitted_donors total_donors created_at "
    "submitted_at decided_at",
)
class AccessRequest(Row):
    """A researcher asks to use a version for a stated purpose. `use` is the machine's form (consent/rules/use.py)."""

    TRANSITIONS: ClassVar[Transitions] = REQUEST_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    researcher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    aim = models.TextField()
    use = models.JSONField(default=dict)
    use_digest = models.CharField(max_length=64)
    institution = models.CharField(max_length=160)
    state = state_field(RequestState, RequestState.DRAFT)
    #: How many of the version's donors permitted this use when it was submitted.
    permitted_donors = models.PositiveIntegerField(null=True)
    total_donors = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "request"
        ordering = ("-id",)
        constraints = [state_check(RequestState, "request_state_known")]


@privacy(personal="member reason", plain="request approves covers cast_at")
class Vote(Row):
    """One committee member's decision on one request. Cast once, never changed.

    `covers`: the keys of the matters that donors leave to a person and that this member finds covered.
    """

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approves = models.BooleanField()
    covers = models.JSONField(default=list)
    reason = models.TextField()
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "member"], name="one_vote_a_member")]


@privacy(
    personal="researcher signed_name agreement_text",
    plain="programme request version use use_digest state agreement_sha256 signed_at expires_at created_at "
    "revoked_reason",
)
class Grant(Row):
    """What a signed agreement gives: one person, one purpose, one version, until one date."""

    TRANSITIONS: ClassVar[Transitions] = GRANT_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(AccessRequest, on_delete=models.PROTECT, related_name="grant")
    researcher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    use = models.JSONField()
    use_digest = models.CharField(max_length=64)
    state = state_field(GrantState, GrantState.OFFERED)
    #: The agreement's very text, as it was shown and signed, and its SHA-256.
    agreement_text = models.TextField(blank=True)
    agreement_sha256 = models.CharField(max_length=64, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [state_check(GrantState, "grant_state_known")]

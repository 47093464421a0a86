"""Signatures, the append-only events of a consent, its current projection, terms by digest, and verdicts."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from consent.models.donors import Donor
from consent.models.forms import FormVersion
from consent.rules.events import EventKind
from consent.rules.lifecycle import CONSENT_TRANSITIONS, ConsentState
from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy


@privacy(plain="digest canonical")
class TermsRow(Row):
    """Terms of use, once per canonical digest, however many donors chose them."""

    digest = models.CharField(max_length=64, unique=True)
    canonical = models.TextField()


@privacy(
    personal="donor choices",
    plain="form_version language text_sha256 choices_sha256 meaning name_commitment signed_at",
)
class Signature(Row):
    """Who signed what, when and what it means. The typed name is kept only as a commitment under the person's salt."""

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="signatures")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    #: SHA-256 of the very text and of the choices that were shown and signed.
    text_sha256 = models.CharField(max_length=64)
    choices = models.JSONField()
    choices_sha256 = models.CharField(max_length=64)
    meaning = models.CharField(max_length=40, default="consent")
    name_commitment = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)


@privacy(personal="donor", plain="kind terms signature effective_at recorded_at recorded_by")
class ConsentEvent(Row):
    """One event of a donor's consent; appended, never changed."""

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in EventKind])
    terms = models.ForeignKey(TermsRow, null=True, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, null=True, on_delete=models.PROTECT, related_name="+")
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in EventKind]), name="event_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=EventKind.WITHDRAWN, terms=None)
                | (~models.Q(kind=EventKind.WITHDRAWN) & models.Q(terms__isnull=False)),
                name="event_names_terms",
            ),
        ]


@privacy(
    personal="donor",
    plain="programme_id state terms since event signed_on check_level no_contact_since nothing_new_since",
)
class CurrentConsent(Row):
    """The projection of a donor's events: what holds now. Every question about use reads this row.

    `ACTIVE` alone does not mean that anything may be done: consent/queries/standing.py says what else must hold.
    """

    TRANSITIONS: ClassVar[Transitions] = CONSENT_TRANSITIONS

    donor = models.OneToOneField(Donor, on_delete=models.PROTECT, related_name="consent")
    programme_id = models.UUIDField(db_index=True)
    state = state_field(ConsentState, ConsentState.ACTIVE)
    terms = models.ForeignKey(TermsRow, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="+")
    #: Since when the registry writes to the donor no more, and since when nothing new is begun with what they gave.
    no_contact_since = models.DateTimeField(null=True)
    nothing_new_since = models.DateTimeField(null=True)
    #: The version of the form that the newest signature stands on.
    signed_on = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    #: The strongest check of the donor's identity that is on record (core/accounts/checks.py).
    check_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "consent"
        constraints = [state_check(ConsentState, "consent_state_known")]


@privacy(plain="terms use_digest question_digest rules_version day outcome verdict decided_at")
class UseVerdict(Row):
    """What the rules said of one set of terms and one question, with the rules' version; asked once per pair and day.

    `question_digest` names the question (consent/rules/asked.py): a use, and what was decided of it for one request.

    A use without a date means 'today', and obligations can run out: so the day is part of the key.
    """

    terms = models.ForeignKey(TermsRow, on_delete=models.PROTECT, related_name="+")
    use_digest = models.CharField(max_length=64)
    question_digest = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=80)
    day = models.DateField()
    outcome = models.CharField(max_length=12)
    verdict = models.JSONField()
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terms", "question_digest", "rules_version", "day"], name="verdict_once")
        ]

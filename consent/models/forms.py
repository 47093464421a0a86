"""Consent forms and their versions; a published version never changes."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from consent.rules.lifecycle import FORM_VERSION_TRANSITIONS, FormVersionState
from consent.rules.renewal import Change
from core.errors import Conflict
from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy


@privacy(plain="programme slug created_by created_at")
class Form(Row):
    """A programme's consent form; its text is in its versions."""

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="form_slug_once")]


@privacy(
    plain="form number language state content text_sha256 created_by created_at published_at change summary renew_by"
)
class FormVersion(Row):
    """One version. `content` is the whole form as data (consent/rules/form_content.py).

    Once it is published only its state moves: `save` refuses the rest, and so does the database (models/guards.py).
    """

    TRANSITIONS: ClassVar[Transitions] = FORM_VERSION_TRANSITIONS

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=12, default="en-gb")
    state = state_field(FormVersionState, FormVersionState.DRAFT)
    content = models.JSONField()
    text_sha256 = models.CharField(max_length=64)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    #: Decided when it is published: how it differs from the version before, in words that donors read.
    change = models.CharField(max_length=10, blank=True, choices=[(c.value, c.value) for c in Change])
    summary = models.TextField(blank=True)
    #: Until when those who signed an earlier version have to sign again; after that their consent rests.
    renew_by = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "form version"
        ordering = ("-number",)
        constraints = [
            state_check(FormVersionState, "form_version_state_known"),
            models.UniqueConstraint(fields=["form", "number", "language"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["form"],
                condition=models.Q(state=FormVersionState.PUBLISHED.value),
                name="one_published_version",
            ),
            models.CheckConstraint(
                condition=models.Q(state=FormVersionState.DRAFT.value, change="")
                | (~models.Q(state=FormVersionState.DRAFT.value) & models.Q(change__in=[c.value for c in Change])),
                name="published_version_says_its_change",
            ),
            models.CheckConstraint(
                condition=models.Q(change=Change.MATERIAL.value, renew_by__isnull=False)
                | (~models.Q(change=Change.MATERIAL.value) & models.Q(renew_by=None)),
                name="material_change_has_a_date",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a draft; raises Conflict for a version that is published, for its state has a door of its own."""
        if not self._state.adding and not type(self).objects.filter(pk=self.pk, state=FormVersionState.DRAFT).exists():
            raise Conflict("This version is published and cannot be changed. Make a new version instead.")
        super().save(*args, **kwargs)

    @property
    def programme_id(self) -> object:
        """The programme that the form belongs to."""
        return self.form.programme_id

"""Consent forms and their versions; a published version never changes."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from consent.rules.lifecycle import FORM_VERSION_TRANSITIONS, FormVersionState
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


@privacy(plain="form number language state content text_sha256 created_by created_at published_at")
class FormVersion(Row):
    """One version in one language. `content` is the whole form as data (consent/rules/forms.py)."""

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

    class Meta:
        verbose_name = "form version"
        ordering = ("-number",)
        constraints = [
            state_check(FormVersionState, "form_version_state_known"),
            models.UniqueConstraint(fields=["form", "number", "language"], name="form_version_once"),
        ]

    @property
    def programme_id(self) -> object:
        """The programme that the form belongs to."""
        return self.form.programme_id

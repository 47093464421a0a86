"""Accepted, de-identified images: what dataset versions are made of."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.rules.lifecycle import IMAGE_TRANSITIONS, ImageState


@privacy(
    personal="donor",
    plain="programme file_id stored state sha256 size study_uid series_uid sop_uid sop_class_uid modality body_part "
    "rows columns frames undefaced_head labels accepted_at withdrawn_at",
)
class Image(Row):
    """One clean DICOM instance. All UIDs are keyed ones. `labels` holds what a curator noted: {"lesion": true}.

    `undefaced_head`: it never leaves the sandbox (rules/leaving.py).
    """

    TRANSITIONS: ClassVar[Transitions] = IMAGE_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    file_id = models.UUIDField(unique=True)
    stored = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, related_name="+")
    state = state_field(ImageState, ImageState.AVAILABLE)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    study_uid = models.CharField(max_length=64)
    series_uid = models.CharField(max_length=64, db_index=True)
    sop_uid = models.CharField(max_length=64)
    sop_class_uid = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, db_index=True)
    body_part = models.CharField(max_length=32, blank=True)
    rows = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=1)
    undefaced_head = models.BooleanField(default=False)
    labels = models.JSONField(default=dict)
    accepted_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            state_check(ImageState, "image_state_known"),
            models.UniqueConstraint(
                fields=["programme", "sop_uid"],
                # A second copy of a recalled image would bring back what the report stopped.
                condition=models.Q(state__in=["available", "recalled"]),
                name="image_uid_once",
            ),
        ]

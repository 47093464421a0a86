"""Datasets, their frozen versions, and what each version holds."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.models.images import Image
from registry.rules.lifecycle import VERSION_TRANSITIONS, VersionState


@privacy(plain="programme slug title summary rule created_by created_at")
class Dataset(Row):
    """A named selection. `rule` says what belongs in it: see registry/rules/selection.py."""

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    rule = models.JSONField(default=dict)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="dataset_slug_once")]


@privacy(
    plain="dataset programme_id number major minor patch state rule digest manifest image_count donor_count made_from "
    "reason closed_reason created_by created_at frozen_at closed_at"
)
class DatasetVersion(Row):
    """An immutable version. `digest` is the SHA-256 of its manifest, which lies in the clean zone."""

    TRANSITIONS: ClassVar[Transitions] = VERSION_TRANSITIONS

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    programme_id = models.UUIDField()
    number = models.CharField(max_length=20)
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    patch = models.PositiveIntegerField()
    state = state_field(VersionState, VersionState.FREEZING)
    rule = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    manifest = models.OneToOneField("storage.StoredObject", null=True, on_delete=models.PROTECT, related_name="+")
    image_count = models.PositiveIntegerField(default=0)
    donor_count = models.PositiveIntegerField(default=0)
    made_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    #: Why it was made, as a code: `first`, `withdrawal`, `new_images`.
    reason = models.CharField(max_length=40, default="first")
    closed_reason = models.CharField(max_length=40, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    frozen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "version"
        ordering = ("-major", "-minor", "-patch")
        constraints = [
            state_check(VersionState, "version_state_known"),
            models.UniqueConstraint(fields=["dataset", "number"], name="version_number_once"),
        ]


@privacy(personal="donor", plain="version image position path sha256 size split labels tombstoned_at")
class VersionEntry(Row):
    """One image in one version: its path and SHA-256 stay when the bytes are gone (`tombstoned_at`)."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="entries")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    split = models.CharField(max_length=12)
    labels = models.JSONField(default=dict)
    tombstoned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="entry_position_once"),
            models.UniqueConstraint(fields=["version", "image"], name="entry_image_once"),
            models.CheckConstraint(
                condition=models.Q(split__in=["train", "validation", "test"]), name="entry_split_known"
            ),
        ]

"""Files that are promised and come in parts, their parts, and how much room in quarantine is taken."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.rules.lifecycle import UPLOAD_TRANSITIONS, UploadState


@privacy(
    personal="study study_key",
    plain="donation programme_id state sha256 size series coded offset outcome file created_at expires_at",
)
class Upload(Row):
    """One promised file of a donation. Its name is not kept.

    `sha256` is what the manifest said, or empty where nothing was said; `series` is the sender's number of its series;
    `offset` is how many bytes count; `outcome` and `file` say what it became (actions.entering.Taken). `coded`: the
    donor's browser has de-identified it; `study` and `study_key` are then keyed digests of the study that it was of
    (GivenStudy), where the manifest told it, for as long as the upload is open.
    """

    TRANSITIONS: ClassVar[Transitions] = UPLOAD_TRANSITIONS
    #: In memory only, where it has just become whole: how often which outcome and sentence.
    told: Mapping[tuple[str, str], int] = MappingProxyType({})

    donation = models.ForeignKey("registry.Donation", on_delete=models.PROTECT, related_name="uploads")
    programme_id = models.UUIDField(db_index=True)
    state = state_field(UploadState, UploadState.OPEN)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField()
    series = models.PositiveIntegerField(null=True)
    coded = models.BooleanField(default=False)
    study = models.CharField(max_length=64, blank=True)
    study_key = models.CharField(max_length=64, blank=True)
    offset = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    file = models.ForeignKey("registry.DonatedFile", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            state_check(UploadState, "upload_state_known"),
            models.CheckConstraint(
                condition=Q(study="", study_key="") | Q(state=UploadState.OPEN, coded=True),
                name="upload_study_while_open",
            ),
            models.CheckConstraint(condition=Q(offset__gte=0, offset__lte=F("size")), name="upload_offset_within"),
            models.UniqueConstraint(
                fields=["donation", "sha256"],
                condition=Q(state=UploadState.OPEN) & ~Q(sha256=""),
                name="upload_open_once",
            ),
        ]


@privacy(plain="upload stored start size")
class UploadPart(Row):
    """The bytes of an upload from `start` on, until the file is whole; then the object may be a piece of it."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="parts")
    stored = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, related_name="+")
    start = models.BigIntegerField()
    size = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="upload_part_once")]


@privacy(plain="scope subject_id day used")
class QuarantineUse(Row):
    """Bytes that lie in quarantine or are promised, of a donor or a programme; or what a donor began on one `day`."""

    scope = models.CharField(max_length=12, choices=[(word, word) for word in ("donor", "day", "programme")])
    subject_id = models.UUIDField()
    day = models.CharField(max_length=10, blank=True)
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "subject_id", "day"], name="quarantine_use_once"),
            models.CheckConstraint(condition=Q(used__gte=0), name="quarantine_use_not_negative"),
            models.CheckConstraint(condition=Q(scope__in=["donor", "day", "programme"]), name="quarantine_use_scope"),
        ]

"""What was cleaned: key domains, surveys, links, series and how they stand, words, derivations, refusals."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from curation.rules.lifecycle import SERIES_TRANSITIONS, WORDS_TRANSITIONS, SeriesState, WordsState


@privacy(plain="programme wrapped_key created_at retired_at")
class KeyDomain(Row):
    """A programme's de-identification key, wrapped by the master key. A retired domain makes no new outputs."""

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    wrapped_key = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme"], condition=models.Q(retired_at=None), name="one_live_domain")
        ]


@privacy(identifying="sealed", personal="donor", plain="programme domain donation_id seen_to is_complete created_at")
class Survey(Row):
    """What a donation's files say about who they are of, for as long as they are being cleaned.

    `sealed` only the master key opens; `seen_to` is the last file that was read, in the order of their ids.
    """

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(KeyDomain, on_delete=models.PROTECT, related_name="+")
    donation_id = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    seen_to = models.UUIDField()
    is_complete = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)


@privacy(identifying="sealed", personal="donor", plain="programme domain donation_id created_at")
class Links(Row):
    """What became of the UIDs of some of a donation's files, until all are decided; only the master key opens it."""

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey(KeyDomain, on_delete=models.PROTECT, related_name="+")
    donation_id = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)


@privacy(
    personal="donor",
    plain="programme donation_id series_uid study_uid modality body_part state round pixel_risk is_held holds "
    "image_count finding decided_by decided_at reason created_at",
)
class Series(Row):
    """One series of one donation, as curators see it. `finding` is what they noted: lesion, none or ''.

    `round` rises whenever something in it was blanked after curators had looked. `is_held`: something was found in it
    that only a person can decide on. `holds`: why it needs more than one look, such as a head that is not defaced
    (curation/rules/holds.py). `decided_by` is whoever decided last; curation.Reading has everybody.
    """

    TRANSITIONS: ClassVar[Transitions] = SERIES_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    donation_id = models.UUIDField(db_index=True)
    series_uid = models.CharField(max_length=64)
    study_uid = models.CharField(max_length=64)
    modality = models.CharField(max_length=16)
    body_part = models.CharField(max_length=32, blank=True)
    state = state_field(SeriesState, SeriesState.CLEANING)
    round = models.PositiveSmallIntegerField(default=1)
    pixel_risk = models.CharField(max_length=10, default="look")
    is_held = models.BooleanField(default=False)
    holds = models.JSONField(default=list)
    image_count = models.PositiveIntegerField(default=0)
    finding = models.CharField(max_length=10, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            state_check(SeriesState, "series_state_known"),
            models.UniqueConstraint(fields=["donation_id", "series_uid"], name="series_once_per_donation"),
        ]


@privacy(
    personal="donor text",
    plain="programme study_uid attribute state decided_by decided_at created_at",
)
class StudyWords(Row):
    """A free text of which something stays in a study's files, once for the attribute (gggg,eeee as 8 hex digits).

    A curator accepts it for the whole study, or finds that it names somebody.
    """

    TRANSITIONS: ClassVar[Transitions] = WORDS_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    study_uid = models.CharField(max_length=64)
    attribute = models.CharField(max_length=8)
    text = models.CharField(max_length=1024)
    state = state_field(WordsState, WordsState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = "list of words", "lists of words"
        constraints = [
            state_check(WordsState, "words_state_known"),
            models.UniqueConstraint(fields=["donor", "study_uid", "attribute", "text"], name="words_once_a_study"),
        ]


@privacy(
    plain="series file_id domain output render before source_sha256 cleaned_sha256 output_sha256 rules_digest "
    "pixel_rules cleaned_uid sop_uid led_to sop_class_uid position rows columns frames pixel_risk pixel_reasons "
    "marks sheet geometry decisions warnings created_at"
)
class Derivation(Row):
    """One cleaned image: output digest ← source digest, rules digest, key id.

    `render` is its picture and `before` the same before anything in it was blanked, if anything was. `sheet` says which
    frames they show and where, and `marks` what was found in them (curation/pixels/task.py: Shown, Finding, as
    objects). `cleaned_sha256` and `cleaned_uid` are those of the file before anything was done to its pixels, and
    `pixel_rules` is the digest of what that was done by. `led_to`: a digest of the new UIDs of its study's images with
    which its references were compared last. `geometry`: where in the body its slices are (rules/heads.py:
    Extent). `decisions` counts the engine's decisions by what they came to ({"removed": 14, …}, rules/deeds.py).
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="derivations")
    file_id = models.UUIDField()
    domain = models.ForeignKey(KeyDomain, on_delete=models.PROTECT, related_name="+")
    output = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, related_name="+")
    render = models.OneToOneField("storage.StoredObject", null=True, on_delete=models.PROTECT, related_name="+")
    before = models.OneToOneField("storage.StoredObject", null=True, on_delete=models.PROTECT, related_name="+")
    source_sha256 = models.CharField(max_length=64)
    cleaned_sha256 = models.CharField(max_length=64)
    output_sha256 = models.CharField(max_length=64)
    rules_digest = models.CharField(max_length=64)
    pixel_rules = models.CharField(max_length=64, blank=True)
    cleaned_uid = models.CharField(max_length=64)
    sop_uid = models.CharField(max_length=64)
    led_to = models.CharField(max_length=64, blank=True)
    sop_class_uid = models.CharField(max_length=64)
    position = models.IntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=1)
    pixel_risk = models.CharField(max_length=10)
    pixel_reasons = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    sheet = models.JSONField(default=list)
    geometry = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    warnings = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_id", "domain"], name="cleaned_once_per_domain")]
        indexes = [
            models.Index(fields=["domain", "sop_uid"], name="derivation_by_sop_uid"),
            models.Index(fields=["domain", "cleaned_uid"], name="derivation_by_cleaned_uid"),
        ]


@privacy(personal="donor", plain="programme file_id reason found rules_digest refused_at gone_at")
class Refusal(Row):
    """A file that stays in quarantine: why (curation/rules/reasons.py), since when, and under which engine's rules.

    `found`: of one that came as cleaned, in which attributes and what else the check found (deid/verify.py), without
    any value. From `gone_at` on its bytes are no more: the donor has withdrawn.
    """

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    file_id = models.UUIDField(unique=True)
    reason = models.CharField(max_length=60)
    found = models.JSONField(default=list)
    rules_digest = models.CharField(max_length=64)
    refused_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["programme", "reason"], name="refusal_by_reason")]

"""Donations and the files in them, as they came."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.lifecycle import Transitions, state_check, state_field
from core.rows import Row, privacy
from registry.rules.lifecycle import (
    DONATION_TRANSITIONS,
    DONATION_WORDS,
    FILE_TRANSITIONS,
    UNSENT,
    DonationState,
    FileState,
)


@privacy(personal="donor", plain="programme state question root created_at submitted_at settled_at")
class Donation(Row):
    """Files that a donor sends together. `question` is the code of what the donor is asked while it is stopped.

    `root` is the head of the tree over the files that were sent off (rules.receipt), empty until then.
    """

    TRANSITIONS: ClassVar[Transitions] = DONATION_TRANSITIONS

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    state = state_field(DonationState, DonationState.OPEN)
    question = models.CharField(max_length=40, blank=True)
    root = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            state_check(DonationState, "donation_state_known"),
            models.UniqueConstraint(
                fields=["donor"],
                condition=models.Q(state__in=UNSENT),
                name="one_open_donation_a_donor",
            ),
        ]

    @property
    def is_unsent(self) -> bool:
        """Whether it was neither sent nor ended, as far as was read."""
        return self.state in UNSENT

    @property
    def state_words(self) -> str:
        """The state as the donor reads it."""
        return DONATION_WORDS[DonationState(self.state)]


@privacy(
    personal="person_key",
    plain="donation programme_id stored state sha256 size reason modality coded study_key created_at invitation",
)
class DonatedFile(Row):
    """One file of a donation. Its name is not kept: names of files hold names of people.

    `sha256` is of the bytes as they came; `reason` is a code; `study_key` is a keyed digest of the study's UID,
    so that files of one examination can be shown together without reading quarantine; `person_key` is one of the name
    and birth date in the file, to see that two files are about two people. It goes when the file goes. `coded`: the
    donor's browser has de-identified it, or says so; no name is on it, and nobody is asked whose it is.
    `invitation`: a hospital sent it, by a code that the donor gave it.
    """

    TRANSITIONS: ClassVar[Transitions] = FILE_TRANSITIONS

    donation = models.ForeignKey(Donation, on_delete=models.PROTECT, related_name="files")
    programme_id = models.UUIDField()
    stored = models.OneToOneField("storage.StoredObject", on_delete=models.PROTECT, related_name="+")
    state = state_field(FileState, FileState.RECEIVED)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    reason = models.CharField(max_length=60, blank=True)
    modality = models.CharField(max_length=16, blank=True)
    coded = models.BooleanField(default=False)
    study_key = models.CharField(max_length=64, blank=True)
    person_key = models.CharField(max_length=64, blank=True)
    invitation = models.ForeignKey("registry.Invitation", on_delete=models.SET_NULL, null=True, related_name="files")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "file"
        constraints = [
            state_check(FileState, "file_state_known"),
            models.CheckConstraint(
                condition=models.Q(coded=False) | (models.Q(person_key="") & ~models.Q(state=FileState.HELD)),
                name="coded_file_is_about_nobody_else",
            ),
            models.UniqueConstraint(
                fields=["donation", "sha256"],
                condition=~models.Q(state__in=[FileState.REMOVED, FileState.DUPLICATE]),
                name="file_once_per_donation",
            ),
        ]

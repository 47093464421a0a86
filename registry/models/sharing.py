"""Which donor gave which study, under digests that are the same for every donor of a programme."""

from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


@privacy(personal="donor study study_key", plain="programme created_at left_at")
class GivenStudy(Row):
    """A donor gave images of a study: two rows with one `study` are two donors who gave the same one.

    `study` is a keyed digest of the study's UID that holds in one programme, `study_key` the donor's own, as their
    files carry it. `left_at`: the donor has withdrawn. A row that another donor's shares stays, so that the other's
    images stay in one part of every dataset; it says nothing but that.
    """

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    donor = models.ForeignKey("consent.Donor", on_delete=models.PROTECT, related_name="+")
    study = models.CharField(max_length=64)
    study_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "given studies"
        constraints = [models.UniqueConstraint(fields=["programme", "study", "donor"], name="study_once_a_donor")]
        indexes = [models.Index(fields=["donor", "study_key"], name="given_study_by_key")]

"""What curators said of series, each once and for good, and the regions that they drew to be blanked."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.rows import Row, privacy
from curation.models.cleaned import Derivation, Series
from curation.rules.readers import Decision


class OnlyAdded(models.Model):
    """A row that is written once: what somebody said is not changed afterwards."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes the row the first time; raises TypeError for one that stands already."""
        if not self._state.adding:
            raise TypeError(f"A {self._meta.verbose_name} is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises TypeError: evidence stays."""
        raise TypeError(f"A {self._meta.verbose_name} is not deleted.")


@privacy(plain="series curator round decision finding reason seconds decided_at")
class Reading(OnlyAdded, Row):
    """What one curator decided on a series in one round of looking, and for how many seconds they were shown it.

    A round ends when something is blanked: what was said before was said of other pictures. `seconds` is None where
    the decision did not come from a page.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="readings")
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Decision])
    finding = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    seconds = models.PositiveIntegerField(null=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "curator", "round"], name="nobody_reads_twice"),
            models.CheckConstraint(
                condition=models.Q(decision__in=[each.value for each in Decision]), name="decision_known"
            ),
        ]
        indexes = [models.Index(fields=["curator", "decided_at"], name="reading_by_curator")]


@privacy(plain="series derivation frame left top width height drawn_by made_at applied_at")
class Redaction(Row):
    """A rectangle that a curator drew, in pixels of the image: a worker blanks it and notes when.

    `derivation`: None is every image of the series; `frame` (from 0): None is every frame.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="redactions")
    derivation = models.ForeignKey(Derivation, null=True, on_delete=models.PROTECT, related_name="+")
    frame = models.PositiveIntegerField(null=True)
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="redaction_has_a_size")
        ]

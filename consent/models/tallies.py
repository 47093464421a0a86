"""How many donors held which terms when a day's count was made: what may be asked about without asking about anyone."""

from django.db import models
from django.utils import timezone

from core.rows import Row, privacy


@privacy(plain="programme_id subject_id day total by_terms taken_at")
class Tally(Row):
    """The donors of a subject (a version of a dataset, say), by their terms, counted once on a day and then left.

    Every question of that day is answered from it, so that one donor's change, or another donor's coming or going,
    shows in no two answers of a day.
    """

    programme_id = models.UUIDField(db_index=True)
    subject_id = models.UUIDField()
    day = models.DateField()
    total = models.PositiveIntegerField()
    #: The key of a TermsRow -> how many donors hold it.
    by_terms = models.JSONField()
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["subject_id", "day"], name="tally_once_a_day")]

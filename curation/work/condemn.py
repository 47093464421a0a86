"""What a report means for series: curators can look at it, and once it is confirmed its copies and pictures go."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from core.errors import Conflict
from core.lifecycle import move
from curation.models import Derivation, Series
from curation.rules.lifecycle import SeriesState
from curation.rules.reasons import RECALLED
from curation.work.actor import CLEANER
from curation.work.erase import erase_series
from curation.work.finish import settle
from registry import queries as registry
from registry import work as registry_work


def name_series(report_id: UUID) -> None:
    """Notes, for the report's page, which series hold its images."""
    for series_id in _series_of(report_id).values_list("pk", flat=True):
        registry_work.note_followed(report_id, "series_named", series_id)


def condemn(report_id: UUID) -> datetime | None:
    """Rejects the series of a confirmed report and erases what was made of them. Safe to run twice.

    The files that were given stay in quarantine, with the reason.
    """
    condemned = registry.condemned_files().filter(pk__in=registry.images_in_report(report_id).values("pk"))
    made = Derivation.objects.filter(file_id__in=condemned.values("file_id"))
    for series in Series.objects.filter(pk__in=made.values("series_id"), state=SeriesState.ACCEPTED):
        if reject(series, RECALLED):
            registry_work.note_followed(report_id, "series_rejected", series.pk)
    return None


def reject(series: Series, reason: str) -> bool:
    """Rejects a series for a reason of the registry's own, and erases its outputs; False where the donor was first."""
    try:
        move(series, SeriesState.REJECTED, by=CLEANER, why=reason, reason=reason)
    except Conflict:
        return False
    erase_series(series.pk)
    settle(series.donation_id)
    return True


def to_condemn() -> list[UUID]:
    """Confirmed reports of which a series is still accepted: what a lost signal would have told of."""
    condemned = registry.condemned_files()
    held = Derivation.objects.filter(file_id__in=condemned.values("file_id"), series__state=SeriesState.ACCEPTED)
    images = condemned.filter(file_id__in=held.values("file_id"))
    return registry.reports_about(images)


def _series_of(report_id: UUID) -> QuerySet[Series]:
    files = registry.images_in_report(report_id).values("file_id")
    made = Derivation.objects.filter(file_id__in=files)
    return Series.objects.filter(pk__in=made.values("series_id")).order_by("pk")

"""Blanks what curators drew in a series, then shows it to curators again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.queries import may_donate
from core.errors import Unavailable
from core.lifecycle import hold
from curation.models import Derivation, Redaction, Series
from curation.rules.lifecycle import SeriesState
from curation.work.finish import show_again


def redact_series(series_id: UUID) -> datetime | None:
    """Blanks every region that is not blanked yet, in all images that it is meant for; the series then waits again.

    Safe to run twice: an image in which nothing is left to blank is not touched.
    """
    series = Series.objects.get(pk=series_id)
    if series.state != SeriesState.REDACTING or not may_donate(series.donor_id):
        return None
    drawn = list(unapplied(series))
    for image in series.derivations.order_by("position", "pk"):
        meant = [region for region in drawn if region.derivation_id in (None, image.pk)]
        if meant:
            blank(image, meant)
    with transaction.atomic():
        hold(series)
        if series.state == SeriesState.REDACTING:
            unapplied(series).filter(pk__in=[region.pk for region in drawn]).update(applied_at=timezone.now())
            show_again(series)
    return None


def blank(image: Derivation, regions: Sequence[Redaction]) -> None:
    """Replaces an image's output, its pictures and what is known of them by ones in which the regions are black."""
    raise Unavailable("Drawn regions cannot be blanked here yet.", "no_blanking")


def unapplied(series: Series) -> QuerySet[Redaction]:
    """What was drawn in a series and is not blanked, oldest first."""
    return Redaction.objects.filter(series=series, applied_at=None).order_by("pk")


def series_to_redact() -> list[UUID]:
    """Series of which a worker is to blank something: what a lost signal would have told of."""
    return list(Series.objects.filter(state=SeriesState.REDACTING).values_list("pk", flat=True))

"""What follows once every file of a donation is decided: its series wait for a curator; the donation settles."""

from uuid import UUID

from core.due.models import DueWork
from core.errors import Conflict
from core.lifecycle import move
from curation.models import Series, Survey
from curation.rules import marks
from curation.rules.lifecycle import OPEN, SeriesState
from curation.rules.risks import riskiest
from curation.work.actor import CLEANER
from curation.work.planting import plant
from registry import queries
from registry import work as registry

CLEAN_KIND = "curation.clean"
UNDECIDED = (SeriesState.CLEANING, SeriesState.REDACTING, *OPEN)


def finish(donation_id: UUID) -> None:
    """Forgets what the files said, shows the cleaned series to curators, and settles once none is undecided.

    Safe to run twice.
    """
    Survey.objects.filter(donation_id=donation_id).delete()
    for series in Series.objects.filter(donation_id=donation_id, state=SeriesState.CLEANING):
        show(series)
    if not Series.objects.filter(donation_id=donation_id, state__in=UNDECIDED).exists():
        registry.settle(donation_id, by=CLEANER)


def show(series: Series) -> None:
    """Lets a cleaned series wait for a curator; it is as risky as its riskiest image."""
    risks = list(series.derivations.values_list("pixel_risk", flat=True))
    if _show(series, risks):
        plant(series)


def _show(series: Series, risks: list[str]) -> bool:
    try:
        move(
            series,
            SeriesState.WAITING,
            by=CLEANER,
            round=series.round,
            image_count=len(risks),
            is_held=any(marks.is_held(found) for found in series.derivations.values_list("marks", flat=True)),
            pixel_risk=riskiest(risks),
        )
    except Conflict:
        return False  # withdrawn meanwhile, or shown by another worker
    return True


def show_again(series: Series) -> None:
    """Lets a series in which something was blanked wait for curators once more: what they said before is past."""
    series.round += 1
    show(series)


def donations_left() -> list[UUID]:
    """Donations with work to do that no row of due work knows of: what a lost signal would have told."""
    known = set(DueWork.objects.filter(kind=CLEAN_KIND, done=False).values_list("subject_id", flat=True))
    unshown = Series.objects.filter(state=SeriesState.CLEANING).values_list("donation_id", flat=True)
    surveyed = Survey.objects.values_list("donation_id", flat=True)
    left = [*queries.donations_to_clean().values_list("pk", flat=True), *unshown, *surveyed]
    return [donation_id for donation_id in dict.fromkeys(left) if donation_id not in known]

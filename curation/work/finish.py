"""What follows once every file of a donation is decided: its series wait for a curator; the donation settles."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core.due.models import DueWork
from core.errors import Conflict
from core.lifecycle import move
from curation.models import Links, Series, Survey
from curation.rules import marks
from curation.rules.heads import Extent, head_in
from curation.rules.holds import HEAD, holds_of
from curation.rules.lifecycle import OPEN, SeriesState
from curation.rules.risks import riskiest
from curation.work.actor import CLEANER
from curation.work.links import take_back
from curation.work.planting import plant
from registry import queries
from registry import work as registry

CLEAN_KIND = "curation.clean"
UNDECIDED = (SeriesState.CLEANING, SeriesState.DEFACING, SeriesState.REDACTING, *OPEN)


def finish(donation_id: UUID) -> None:
    """Takes back what leads elsewhere than before, shows the cleaned series to curators, settles once all is decided.

    What the files said is forgotten. Safe to run twice.
    """
    take_back(donation_id)
    with transaction.atomic():
        Survey.objects.filter(donation_id=donation_id).delete()
        Links.objects.filter(donation_id=donation_id).delete()
    for series in Series.objects.filter(donation_id=donation_id, state=SeriesState.CLEANING):
        show(series)
    settle(donation_id)


def settle(donation_id: UUID) -> None:
    """Settles a donation of which no series is undecided. Safe to run twice."""
    if not Series.objects.filter(donation_id=donation_id, state__in=UNDECIDED).exists():
        registry.settle(donation_id, by=CLEANER)


def show(series: Series) -> None:
    """Lets a cleaned series wait for a curator, or for being defaced; it is as risky as its riskiest image."""
    if _show(series):
        plant(series)


def _show(series: Series) -> bool:
    made = list(series.derivations.values_list("pixel_risk", "pixel_reasons", "sop_class_uid", "geometry"))
    holds = _holds(series, [(reasons, uid, geometry) for _, reasons, uid, geometry in made])
    to_deface = bool(settings.DEFACER) and HEAD in holds
    try:
        move(
            series,
            SeriesState.DEFACING if to_deface else SeriesState.WAITING,
            by=CLEANER,
            round=series.round,
            image_count=len(made),
            is_held=any(marks.is_held(found) for found in series.derivations.values_list("marks", flat=True)),
            pixel_risk=riskiest(risk for risk, *_ in made),
            holds=holds,
        )
    except Conflict:
        return False  # withdrawn meanwhile, or shown by another worker
    return not to_deface


def show_again(series: Series) -> None:
    """Lets a series in which something was blanked wait for curators once more: what they said before is past."""
    series.round += 1
    show(series)


def _holds(series: Series, made: list[tuple[list[str], str, dict[str, Any]]]) -> list[str]:
    head = head_in(series.modality, [Extent.from_dict(geometry) for _, _, geometry in made])
    return holds_of(head, {uid for _, uid, _ in made}, {code for reasons, _, _ in made for code in reasons})


def donations_left() -> list[UUID]:
    """Donations with work to do that no row of due work knows of: what a lost signal would have told."""
    known = set(DueWork.objects.filter(kind=CLEAN_KIND, done=False).values_list("subject_id", flat=True))
    unshown = Series.objects.filter(state=SeriesState.CLEANING).values_list("donation_id", flat=True)
    kept = [rows.objects.values_list("donation_id", flat=True) for rows in (Survey, Links)]
    left = [*queries.donations_to_clean().values_list("pk", flat=True), *unshown, *kept[0], *kept[1]]
    return [donation_id for donation_id in dict.fromkeys(left) if donation_id not in known]

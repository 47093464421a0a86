"""Chooses the series in which invented writing is planted for a curator, and ends what was planted."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.accounts.queries import members
from core.accounts.roles import Role
from core.due.models import DueWork
from core.errors import Conflict
from core.lifecycle import move
from core.storage.models import StoredObject
from core.storage.work import erase
from core.storage.zones import ObjectState
from curation.models import Probe, Series
from curation.queries import sample_key
from curation.rules.lifecycle import OPEN, ProbeState
from curation.rules.readers import is_sampled
from curation.work.actor import CLEANER

#: For so long after its end a curator can still look where the writing stood that they did not see.
SHOWN_FOR = timedelta(minutes=30)
DRAW_KIND = "curation.plant"
UNENDED = (ProbeState.DRAWING, ProbeState.READY)


def plant(series: Series) -> None:
    """Notes for which of the programme's curators writing is planted in this series, in its present round.

    A keyed hash of curator, series and round picks them: the same again however often it is asked.
    """
    for curator in members(series.programme_id, Role.CURATOR):
        if is_sampled(
            sample_key("planted"),
            str(curator.pk),
            str(series.pk),
            str(series.round),
            one_in=settings.PLANTED_ONE_IN,
        ):
            Probe.objects.get_or_create(
                series=series, curator=curator, round=series.round, defaults={"programme_id": series.programme_id}
            )


def undrawn() -> list[UUID]:
    """Planted writing that no worker has drawn, and of which no row of due work knows."""
    known = DueWork.objects.filter(kind=DRAW_KIND, done=False).values("subject_id")
    return list(Probe.objects.filter(state=ProbeState.DRAWING).exclude(pk__in=known).values_list("pk", flat=True))


def outlived() -> list[UUID]:
    """Planted writing whose series was decided or is in another round; and renders that nobody may see any more."""
    open_now = Q(series__state__in=OPEN, series__round=F("round"))
    still = Q(state__in=UNENDED)
    there = Q(render__isnull=False) & ~Q(render__state=ObjectState.ERASED)
    late = there & Q(ended_at__lt=timezone.now() - SHOWN_FOR)
    return list(Probe.objects.filter((still & ~open_now) | late).values_list("pk", flat=True))


def end(probe_id: UUID) -> None:
    """Makes void what measured nothing, and erases a doctored render for which there is no more use."""
    probe = Probe.objects.select_related("series", "render").get(pk=probe_id)
    if probe.state in UNENDED:
        try:
            move(probe, ProbeState.VOID, by=CLEANER, why=probe.series.state, ended_at=timezone.now())
        except Conflict:
            return  # its curator decided, or it was drawn, in this moment: the sweep looks again
    erase(renders(Probe.objects.filter(pk=probe.pk)), by=CLEANER, why="planted")


def renders(probes: QuerySet[Probe]) -> QuerySet[StoredObject]:
    """The doctored pictures that are still there."""
    named = probes.exclude(render=None).values("render_id")
    return StoredObject.objects.filter(pk__in=named).exclude(state=ObjectState.ERASED)

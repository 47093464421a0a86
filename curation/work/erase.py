"""Erases what may not stay: rejected series, withdrawn donors' series, and objects that no row names."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consent.queries import active, may_donate
from consent.rules.duties import Proof
from core.actors import Actor
from core.errors import Conflict
from core.lifecycle import move
from core.storage.models import StoredObject
from core.storage.work import erase
from core.storage.zones import ObjectState, Zone
from curation.models import Derivation, Links, Probe, Refusal, Series, StudyWords, Survey
from curation.rules.lifecycle import SeriesState
from curation.work.actor import CLEANER
from curation.work.refuse import refuse_series

#: An object that nothing names for this long was left by a worker that died: no worker takes as long over one file.
LEFT_BEHIND = timedelta(minutes=10)
ZONES = (Zone.CLEAN, Zone.REVIEW)


def erase_series(series_id: UUID) -> datetime | None:
    """Erases a rejected or withdrawn series' outputs and pictures; a rejected one's files go to quarantine."""
    series = Series.objects.get(pk=series_id)
    if series.state not in (SeriesState.REJECTED, SeriesState.WITHDRAWN) and not may_donate(series.donor_id):
        _withdraw(series, by=CLEANER)
        _forget(series.donor_id)
    if series.state not in (SeriesState.REJECTED, SeriesState.WITHDRAWN):
        return None
    erase(objects_of(series), by=CLEANER, why=series.state)
    if series.state == SeriesState.REJECTED:
        refuse_series(series)
    return None


def objects_of(series: Series) -> QuerySet[StoredObject]:
    """The series' outputs and pictures that are not erased yet."""
    made = series.derivations.all()
    named = Q(pk__in=made.values("output_id"))
    for picture in ("render_id", "before_id"):
        named |= Q(pk__in=made.exclude(**{picture: None}).values(picture))
    named |= Q(pk__in=series.probes.exclude(render=None).values("render_id"))
    return StoredObject.objects.filter(named).exclude(state=ObjectState.ERASED)


def withdraw_donor(donor_id: UUID, withdrawal_id: UUID, by: Actor) -> Proof:
    """Curation's duty in a withdrawal: every series is withdrawn, every output, picture and word of theirs erased.

    The derivations stay, as evidence of what was made by which rules: digests only.
    """
    for series in Series.objects.filter(donor_id=donor_id).exclude(state=SeriesState.WITHDRAWN):
        _withdraw(series, by=by)
    _forget(donor_id)
    Refusal.objects.filter(donor_id=donor_id, gone_at=None).update(gone_at=timezone.now())
    mine = StoredObject.objects.filter(donor_id=donor_id, zone__in=ZONES)
    erase(mine.exclude(state=ObjectState.ERASED), by=by, why="withdrawal")
    return {
        "series": Series.objects.filter(donor_id=donor_id, state=SeriesState.WITHDRAWN).count(),
        "derivations": Derivation.objects.filter(series__donor_id=donor_id).count(),
        "words": StudyWords.objects.filter(donor_id=donor_id).count(),
        "surveys": Survey.objects.filter(donor_id=donor_id).count(),
        "links": Links.objects.filter(donor_id=donor_id).count(),
        "erased": mine.filter(state=ObjectState.ERASED).count(),
    }


def reap(object_id: UUID) -> datetime | None:
    """Erases one object that a worker left behind, if still nothing names it."""
    erase(left_behind().filter(pk=object_id), by=CLEANER, why="left_behind")
    return None


def left_behind() -> QuerySet[StoredObject]:
    """Donors' objects in our zones that no derivation names and that are older than any work in progress."""
    return StoredObject.objects.filter(
        ~Exists(Derivation.objects.filter(output_id=OuterRef("pk"))),
        ~Exists(Derivation.objects.filter(render_id=OuterRef("pk"))),
        ~Exists(Derivation.objects.filter(before_id=OuterRef("pk"))),
        ~Exists(Probe.objects.filter(render_id=OuterRef("pk"))),
        zone__in=ZONES,
        donor_id__isnull=False,
        created_at__lt=timezone.now() - LEFT_BEHIND,
    ).exclude(state=ObjectState.ERASED)


def series_to_erase() -> list[UUID]:
    """Rejected series whose outputs are still there, and series that outlived their donor's withdrawal."""
    output = StoredObject.objects.filter(pk=OuterRef("output_id")).exclude(state=ObjectState.ERASED)
    there = Derivation.objects.filter(Exists(output), series_id=OuterRef("pk"))
    rejected = Series.objects.filter(Exists(there), state=SeriesState.REJECTED)
    kept = Series.objects.exclude(state=SeriesState.WITHDRAWN)
    late = [
        kept.filter(programme_id=programme_id).exclude(donor_id__in=active(programme_id).values("pk"))
        for programme_id in kept.order_by().values_list("programme_id", flat=True).distinct()
    ]
    return [pk for found in (rejected, *late) for pk in found.values_list("pk", flat=True)]


def _withdraw(series: Series, *, by: Actor) -> None:
    try:
        move(series, SeriesState.WITHDRAWN, by=by, why="withdrawal")
    except Conflict:
        series.refresh_from_db()  # a curator decided at the same moment
        if series.state != SeriesState.WITHDRAWN:
            move(series, SeriesState.WITHDRAWN, by=by, why="withdrawal")


def _forget(donor_id: UUID) -> None:
    """Removes what the donor's files said and led to, and the words that stayed of it."""
    Survey.objects.filter(donor_id=donor_id).delete()
    Links.objects.filter(donor_id=donor_id).delete()
    StudyWords.objects.filter(donor_id=donor_id).delete()

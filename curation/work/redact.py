"""Blanks what curators drew in a series, then shows it to curators again."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.queries import identity_of, may_donate
from core.errors import Unavailable
from core.lifecycle import hold
from core.storage.many import Draft
from core.storage.models import StoredObject
from core.storage.work import erase, read, reserve, write
from curation.deid.pictures.plan import PixelPlan, PixelRisk, Region
from curation.models import Derivation, Redaction, Series
from curation.pixels.detect import rules_digest
from curation.pixels.limits import CannotShow
from curation.pixels.task import Drawn, Examined, Task
from curation.rules.lifecycle import SeriesState
from curation.rules.risks import SEEN
from curation.work.actor import CLEANER
from curation.work.child import children
from curation.work.examine import facts_about
from curation.work.finish import show_again
from curation.work.keep import drafts_of
from curation.work.keys import subject_key
from curation.work.marks import marks_of, sheet_of
from curation.work.seeds import seeds_from
from curation.work.uids import uid_after


def redact_series(series_id: UUID) -> datetime | None:
    """Blanks every region that is not blanked yet, in all images that it is meant for; the series then waits again.

    Safe to run twice: an image in which nothing is left to blank is not touched.
    """
    series = Series.objects.get(pk=series_id)
    if series.state != SeriesState.REDACTING or not may_donate(series.donor_id):
        return None
    drawn = list(unapplied(series))
    for image in series.derivations.select_related("series", "domain", "output").order_by("position", "pk"):
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
    """Replaces an image's output, its pictures and what is known of them by ones in which the regions are black.

    A kill leaves objects that nothing names, which a sweep erases. Raises Unavailable where it cannot be done.
    """
    identity = identity_of(image.series.donor_id)
    if identity is None:
        return  # withdrawn meanwhile
    task = _task(image, regions, seeds_from(facts_about(identity)))
    try:
        examined = children().examine(read(image.output), task, image.series.donation_id)
    except CannotShow:
        raise Unavailable("What was drawn cannot be blanked in such a file.", "no_blanking") from None
    if examined.data is None or not examined.is_new:
        return  # it was black before
    drafts = drafts_of(examined.data, hashlib.sha256(examined.data).hexdigest(), examined)
    made = [_written(draft, image.series) for draft in drafts]
    if _replaced(image, task, examined, made):
        erase(StoredObject.objects.filter(pk__in=_named(image)), by=CLEANER, why="redacted")
    else:
        erase(made, by=CLEANER, why="superseded")


def _task(image: Derivation, regions: Sequence[Redaction], seeds: tuple[str, ...]) -> Task:
    """What the child is asked: known places were blanked before, so that only the risk of the plan is left."""
    drawn = tuple(Drawn(each.frame, Region(each.left, each.top, each.width, each.height)) for each in regions)
    reasons = tuple(reason for reason in image.pixel_reasons if reason not in SEEN)
    uid = uid_after(subject_key(image.domain, image.series.donor_id), image.sop_uid)
    return Task(PixelPlan(cast(PixelRisk, image.pixel_risk), reasons), seeds, uid, drawn)


def _written(draft: Draft, series: Series) -> StoredObject:
    thing = reserve(draft.zone, programme_id=series.programme_id, donor_id=series.donor_id, media_type=draft.media_type)
    return write(thing, draft.data, by=CLEANER)


@transaction.atomic
def _replaced(image: Derivation, task: Task, examined: Examined, made: Sequence[StoredObject]) -> bool:
    """Names the new objects in place of the old, unless the series was withdrawn or another worker was quicker."""
    hold(image.series)
    output, render, *before = made
    now = Derivation.objects.filter(pk=image.pk, output_id=image.output_id)
    if image.series.state != SeriesState.REDACTING or not may_donate(image.series.donor_id):
        return False
    blanked = [mark for mark in image.marks if mark.get("blanked")]
    return bool(
        now.update(
            output=output,
            render=render,
            before=before[0] if before else None,
            output_sha256=output.sha256,
            sop_uid=task.new_uid,
            pixel_rules=rules_digest(),
            pixel_risk=examined.risk,
            pixel_reasons=list(examined.reasons),
            marks=[*blanked, *(mark for mark in marks_of(examined.findings) if mark not in blanked)],
            sheet=sheet_of(examined.after),
        )
    )


def _named(image: Derivation) -> list[UUID]:
    """The objects that the image had."""
    return [pk for pk in (image.output_id, image.render_id, image.before_id) if pk is not None]


def unapplied(series: Series) -> QuerySet[Redaction]:
    """What was drawn in a series and is not blanked, oldest first."""
    return Redaction.objects.filter(series=series, applied_at=None).order_by("pk")


def series_to_redact() -> list[UUID]:
    """Series of which a worker is to blank something: what a lost signal would have told of."""
    return list(Series.objects.filter(state=SeriesState.REDACTING).values_list("pk", flat=True))

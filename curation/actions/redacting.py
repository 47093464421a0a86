"""Blank this: a curator draws regions, a worker blanks them, and the series comes back to be looked at again."""

from collections.abc import Sequence

from django.db import transaction

from core.accounts.models import User
from core.due.queue import ask
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _
from curation import tasks
from curation.actions.reading import decide, note, said_already
from curation.models import Redaction, Series
from curation.permissions import check_may_decide
from curation.rules.drawing import MOST_REGIONS, Drawing, Size, mistake
from curation.rules.lifecycle import SeriesState
from curation.rules.readers import Decision


def redact_series(
    *, series: Series, regions: Sequence[Drawing], by: User, seen: int | None = None, seconds: int | None = None
) -> None:
    """Has the regions blanked; then the series waits again, in a new round, and needs two curators' yes.

    The same decision posted twice changes nothing. Raises NotAllowed, Conflict as accepting does, and Invalid for
    regions that are not in the pictures.
    """
    check_may_decide(by, series)
    _check(series, regions)
    with transaction.atomic():
        if said_already(series, Decision.REDACT, by, seen=seen):
            return
        note(series, Decision.REDACT, by, seconds=seconds)
        Redaction.objects.bulk_create(_row(series, region, by) for region in dict.fromkeys(regions))
        decide(series, SeriesState.REDACTING, by, why="drawn")
        ask(tasks.REDACT, series.pk)


def _check(series: Series, regions: Sequence[Drawing]) -> None:
    sizes = {
        pk: Size(columns, rows, frames)
        for pk, columns, rows, frames in series.derivations.values_list("pk", "columns", "rows", "frames")
    }
    wrong = [mistake(region, sizes) for region in regions]
    if not regions:
        wrong = [_("Draw at least one region to blank.")]
    if len(regions) > MOST_REGIONS:
        wrong = [Filled(_("Draw no more than {most} regions at once."), most=MOST_REGIONS)]
    sentence = next(filter(None, wrong), "")
    if sentence:
        raise Invalid(sentence, fields={"regions": sentence})


def _row(series: Series, region: Drawing, by: User) -> Redaction:
    return Redaction(
        series=series,
        derivation_id=region.image,
        frame=region.frame,
        left=region.left,
        top=region.top,
        width=region.width,
        height=region.height,
        drawn_by=by,
    )

"""Yes and no: a series is accepted into the registry, by as many curators as it needs, or rejected with a reason."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from core.accounts.models import User
from core.audit.record import record
from core.due.queue import ask
from core.errors import Invalid
from core.texts import gettext_noop as _
from curation import tasks
from curation.actions.admitting import admitted
from curation.actions.reading import decide, note, said_already
from curation.actions.words import accept_words, check_read, reject_words
from curation.models import Reading, Series
from curation.permissions import check_may_decide
from curation.queries import second_reader_for
from curation.rules.findings import Finding
from curation.rules.lifecycle import SeriesState
from curation.rules.readers import Decision, agreed
from curation.rules.reasons import NAMING_WORDS, REJECTION
from registry.actions import admit_images


def accept_series(
    *,
    series: Series,
    finding: str,
    by: User,
    words: Collection[UUID] = (),
    seen: int | None = None,
    seconds: int | None = None,
) -> None:
    """Says yes to the series, with what the curator noted: `lesion`, `none` or nothing.

    Where one yes is enough (curation/rules/readers.py) the registry takes it now; else it waits for another curator,
    and is taken at their yes, with the finding on which those who noted one agree. `words`: those of the study that
    the curator has read and accepts, for the whole study; all that nobody has accepted yet must be among them.
    `seen`: the round of what was shown; `seconds`: for how long. The same decision posted twice changes nothing.
    Raises NotAllowed, Invalid, and Conflict when others were quicker, what was shown is not what there is now, the
    donor has withdrawn, or words of the study were found to name somebody.
    """
    check_may_decide(by, series)
    if finding not in set(Finding):
        raise Invalid(
            "Say whether a lesion is seen, is not seen, or was not noted.", fields={"finding": _("Choose one.")}
        )
    with transaction.atomic():
        if said_already(series, Decision.ACCEPT, by, seen=seen, finding=finding):
            return
        check_read(series, words)
        note(series, Decision.ACCEPT, by, seconds=seconds, finding=finding)
        if _is_enough(series, by):
            _take(series, by)
        else:
            decide(series, SeriesState.SECOND, by, why="accept")


def _is_enough(series: Series, by: User) -> bool:
    """Whether no other yes is needed; where the setting alone says so, the trail tells of it."""
    if series.state == SeriesState.SECOND:
        return True
    second = second_reader_for(series)
    if second.why and not second.needed:
        record("curation.series.one_reader", series, by=by, data={"setting": "never", "asks": second.why})
    return not second.needed


def _take(series: Series, by: User) -> None:
    yes = Reading.objects.filter(series=series, round=series.round, decision=Decision.ACCEPT)
    finding = agreed(list(yes.values_list("finding", flat=True)))
    accept_words(series, by)
    decide(series, SeriesState.ACCEPTED, by, why=finding, finding=finding)
    admit_images(series=admitted(series), by=by)
    ask(tasks.CLEAN, series.donation_id)  # settles the donation when this was its last series


def reject_series(
    *, series: Series, reason: str, by: User, seen: int | None = None, seconds: int | None = None
) -> None:
    """Refuses the series for a reason of curation/rules/reasons.py; a worker then erases what was made of it.

    It is refused even where another curator has accepted it. For the reason that words name somebody, those that
    nobody has accepted are refused with it, so that nothing more of the study can be taken. The same decision posted
    twice changes nothing. Raises NotAllowed, Invalid and Conflict as accepting does.
    """
    check_may_decide(by, series)
    if reason not in REJECTION:
        raise Invalid("Choose a reason for rejecting this series.", fields={"reason": _("Choose a reason.")})
    with transaction.atomic():
        if said_already(series, Decision.REJECT, by, seen=seen, reason=reason):
            return
        note(series, Decision.REJECT, by, seconds=seconds, reason=reason)
        if reason == NAMING_WORDS:
            reject_words(series, by)
        decide(series, SeriesState.REJECTED, by, why=reason, reason=reason)
        ask(tasks.ERASE, series.pk)
        ask(tasks.CLEAN, series.donation_id)

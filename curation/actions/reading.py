"""What every decision of a curator goes through: it is theirs to make, once a round, while the series is open."""

from typing import Any

from django.utils import timezone

from consent.queries import may_donate
from core.accounts.models import User
from core.errors import Conflict
from core.lifecycle import hold, move
from core.texts import gettext_noop as _
from curation.models import Reading, Series
from curation.rules.lifecycle import OPEN, SeriesState
from curation.rules.readers import Decision

#: By whether it was this person who did, and what came of it.
DECIDED: dict[tuple[bool, str], str] = {
    (True, SeriesState.ACCEPTED): _("You have already decided on this series: it is accepted."),
    (True, SeriesState.REJECTED): _("You have already decided on this series: it is rejected."),
    (False, SeriesState.ACCEPTED): _("Another curator has already decided on this series: it is accepted."),
    (False, SeriesState.REJECTED): _("Another curator has already decided on this series: it is rejected."),
}
WITHDRAWN = _("The donor has withdrawn. There is nothing to decide any more.")


def said_already(series: Series, decision: Decision, by: User, *, seen: int | None, **noted: str) -> bool:
    """Whether this very decision stands already; holds the series until the transaction ends, and reads it anew.

    `seen`: the round whose pictures were on the page, where there was one. Raises Conflict where the series can not be
    decided by this person now, or where something else was shown to them than what it is now.
    """
    hold(series)
    mine = Reading.objects.filter(series=series, curator=by, round=series.round if seen is None else seen).first()
    if mine and mine.decision == decision and all(getattr(mine, field) == value for field, value in noted.items()):
        return True
    if series.state == SeriesState.WITHDRAWN or not may_donate(series.donor_id):
        raise Conflict(WITHDRAWN, "withdrawn")
    if mine and series.state == SeriesState.SECOND:
        raise Conflict("You have already accepted this series. Another curator looks at it now.", "decided")
    _check_open(series, by)
    if seen not in (None, series.round):
        raise Conflict("Something in these pictures was blanked meanwhile. Look at them again, then decide.", "changed")
    return False


def _check_open(series: Series, by: User) -> None:
    if series.state in OPEN:
        return
    if series.state in (SeriesState.CLEANING, SeriesState.DEFACING):
        raise Conflict("This series is still being cleaned. Look at it again in a moment.", "cleaning")
    if series.state == SeriesState.REDACTING:
        raise Conflict("What was drawn in this series is being blanked. Look at it again in a moment.", "redacting")
    raise Conflict(DECIDED[series.decided_by_id == by.pk, series.state], "decided")


def note(series: Series, decision: Decision, by: User, *, seconds: int | None, **noted: str) -> None:
    """Adds what the curator said in this round."""
    Reading.objects.create(
        series=series, curator=by, round=series.round, decision=decision, seconds=seconds, decided_at=timezone.now(),
        **noted,
    )  # fmt: skip


def decide(series: Series, to: SeriesState, by: User, *, why: str = "", **columns: Any) -> None:
    """Moves the series on, and notes who did."""
    move(series, to, by=by, why=why, decided_by_id=by.pk, decided_at=timezone.now(), **columns)

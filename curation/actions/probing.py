"""A curator's answer to planted writing: it is noted of the curator, and of nothing else."""

from collections.abc import Sequence

from django.utils import timezone

from core.accounts.models import User
from core.errors import Conflict, NotAllowed
from core.lifecycle import move
from curation.models import Probe
from curation.permissions import check_may_decide
from curation.rules.drawing import Drawing
from curation.rules.lifecycle import ProbeState
from curation.rules.marks import Box, places
from curation.rules.planted import outcome
from curation.rules.readers import Decision


def answer_probe(
    *, probe: Probe, decision: Decision, by: User, reason: str = "", regions: Sequence[Drawing] = ()
) -> ProbeState:
    """Notes whether the curator found what was planted for them; the series stays as it is, and is shown again.

    The same answer twice changes nothing. Raises NotAllowed for anybody else.
    """
    check_may_decide(by, probe.series)
    if probe.curator_id != by.pk:
        raise NotAllowed("This was planted for another curator.", "not_yours")
    if probe.state == ProbeState.READY:
        found = outcome(decision, reason=reason, touches=_touches(probe, regions))
        try:
            move(probe, found, by=by, why=decision, ended_at=timezone.now())
        except Conflict:
            probe.refresh_from_db()  # the form was posted twice at once, or the series decided in this moment
    return ProbeState(probe.state)


def _touches(probe: Probe, regions: Sequence[Drawing]) -> bool:
    """Whether one of the drawn regions meets the writing, in the picture in which it stands."""
    image = probe.derivation
    meant = [region for region in regions if region.image in (None, probe.derivation_id)]
    if image is None or not meant:
        return False
    shown = places(image.sheet, columns=image.columns, rows=image.rows, frames=image.frames)
    writing = Box(probe.left, probe.top, probe.width, probe.height)
    return not shown or any(
        place.in_picture(Box(*region[2:])).meets(writing)
        for region in meant
        for place in shown
        if region.frame in (None, place.frame)
    )

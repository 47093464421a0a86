"""Reviewers decide on what a job produced: it leaves when enough of them say so, and stays when one does not."""

from django.db import IntegrityError, transaction

from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import move
from core.texts import gettext_noop as _
from training_jobs import tasks
from training_jobs.models import JobOutput, OutputDecision
from training_jobs.permissions import require_reviewer
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.rules.output_checks import may_be_released
from training_jobs.rules.templates import OutputKind
from training_jobs.work.releasing import lock, settle

HELD_BACK = _("The checks found something in this output that must not leave, so it cannot be released.")
FLAGGED = _("A donor whose images this model learnt from has withdrawn, so the model cannot be released.")


def decide_output(*, output: JobOutput, releases: bool, reason: str, by: Actor) -> OutputDecision:
    """Wants an output released or withheld; as many as the programme asks for must agree before it is released.

    Raises NotAllowed for who may not, and for what the checks or a withdrawal hold back; Conflict when it was decided
    meanwhile or by the same person; Invalid without a reason to withhold.
    """
    reviewer = require_reviewer(by, output.job)
    reason = reason.strip()
    if not releases and not reason:
        raise Invalid("Say why you withhold it.", fields={"reason": _("Say why you withhold it.")})
    try:
        with transaction.atomic():
            lock(output.job)
            output.refresh_from_db(fields=["state", "flagged_at"])
            _require_open(output, releases)
            decision = OutputDecision.objects.create(output=output, reviewer=reviewer, releases=releases, reason=reason)
            record("training_jobs.output_decided", output, by=by, data={"releases": releases})
            if releases:
                ask(tasks.RELEASE, output.pk)
            else:
                move(output, OutputState.WITHHELD, by=by)
                settle(output.job, by=by)
    except IntegrityError:
        raise Conflict("You have decided on this output already.", "twice") from None
    return decision


def _require_open(output: JobOutput, releases: bool) -> None:
    if output.job.state != JobState.IN_REVIEW or output.state != OutputState.HELD:
        raise Conflict("This output has been decided on already.", "decided")
    if releases and not may_be_released(output.check_outcome):
        raise NotAllowed(HELD_BACK, "held_back")
    if releases and output.kind == OutputKind.MODEL and output.flagged_at:
        raise NotAllowed(FLAGGED, "flagged")

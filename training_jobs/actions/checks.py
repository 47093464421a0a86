"""What reviewers must not let pass: a job that could not run anyway."""

from core.errors import Conflict, Refused
from core.texts import gettext_noop as _
from training_jobs.models import TrainingJob
from training_jobs.work.access import COMES_BACK, grant_of

ENDED = _("The access that this job stands on has ended, so it cannot run. Reject it, and say so.")
WAITS = _("The researcher owes evidence or an answer, so this job cannot run now. Wait for it, or reject the job.")


def require_access(job: TrainingJob) -> None:
    """Raises Conflict where the job could not run, so that nobody is told that it will."""
    try:
        grant_of(job)
    except Refused as refusal:
        raise Conflict(WAITS if refusal.code in COMES_BACK else ENDED, "grant") from None

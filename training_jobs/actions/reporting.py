"""Somebody who may see a job's output reports that it may show who a person is."""

from typing import TYPE_CHECKING

from core.accounts.models import User
from registry.actions import report_identity
from registry.rules.recall import Where
from training_jobs import queries
from training_jobs.models import JobOutput

if TYPE_CHECKING:
    from registry.models import IdentityReport


def report_output(*, output: JobOutput, seen: str, description: str, by: User) -> "IdentityReport":
    """Opens a report on the output, which is not given out from then on. Raises Missing, Invalid."""
    found = queries.output(by, output.pk)
    where = Where(output_id=found.pk)
    return report_identity(programme=found.job.programme, where=where, seen=seen, description=description, by=by)

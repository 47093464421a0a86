"""Who reviews a job: a job reviewer of its programme who did not ask for it."""

from core.accounts.queries import Reader, holds, key_of
from core.accounts.roles import Role
from training_jobs.models import TrainingJob


def reviews(user: Reader, job: TrainingJob) -> bool:
    """Whether the user may decide on the job, see what it holds back, and decide on that."""
    return key_of(user) != job.researcher_id and holds(user, job.programme_id, Role.JOB_REVIEWER)

"""May this person decide on a job, end it, or start it again? Raises a refusal that is a sentence."""

from core.accounts.models import User
from core.accounts.queries import holds
from core.accounts.roles import Role, only_these
from core.actors import Actor
from core.errors import Missing, NotAllowed
from training_jobs.models import TrainingJob
from training_jobs.queries import reviews


def person(by: object) -> User:
    """`by` as a signed-in person; raises NotAllowed for the system's own parts, which ask for and decide nothing."""
    if not isinstance(by, User):
        raise NotAllowed("Only a person who is signed in can do this.")
    return by


def require_reviewer(by: Actor, job: TrainingJob) -> User:
    """Raises NotAllowed unless `by` reviews jobs in the programme and did not ask for this one."""
    user = person(by)
    if reviews(user, job):
        return user
    if user.pk == job.researcher_id:
        raise NotAllowed("You asked for this job, so others must decide on it.", "own_job")
    raise NotAllowed(only_these(Role.JOB_REVIEWER), "role")


def require_owner_or_reviewer(by: Actor, job: TrainingJob) -> User:
    """Raises Missing unless `by` asked for the job or reviews jobs in its programme."""
    user = person(by)
    if user.pk != job.researcher_id and not holds(user, job.programme_id, Role.JOB_REVIEWER):
        raise Missing("There is no such job.")
    return user

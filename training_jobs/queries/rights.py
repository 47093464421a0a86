"""What a reader may do with a job and with an output now: what pages offer is what actions allow."""

from dataclasses import dataclass

from core.accounts.queries import Reader, holds, key_of
from core.accounts.roles import Role
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.models.jobs import OPEN
from training_jobs.queries.contents import refusal_of
from training_jobs.queries.jobs import jobs_to_decide
from training_jobs.queries.outputs import outputs_to_review
from training_jobs.queries.reviewers import reviews
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.rules.output_checks import may_be_released


@dataclass(frozen=True)
class MayWithJob:
    """What the reader may do with one job."""

    own: bool
    decide: bool
    review: bool
    cancel: bool
    retry: bool


@dataclass(frozen=True)
class MayWithOutput:
    """What the reader may do with one output; `release` is False for what the checks or a withdrawal hold back."""

    own: bool
    review: bool
    decide: bool
    release: bool
    download: bool


def may(user: Reader, job: TrainingJob) -> MayWithJob:
    """What the user may do with the job."""
    own = key_of(user) == job.researcher_id
    involved = own or holds(user, job.programme_id, Role.JOB_REVIEWER)
    return MayWithJob(
        own=own,
        decide=jobs_to_decide(user).filter(pk=job.pk).exists(),
        review=outputs_to_review(user).filter(job=job).exists(),
        cancel=involved and job.state in OPEN,
        retry=job.state == JobState.LOST and reviews(user, job),
    )


def may_with(user: Reader, output: JobOutput) -> MayWithOutput:
    """What the user may do with the output."""
    own = key_of(user) == output.job.researcher_id
    released = output.state == OutputState.RELEASED
    return MayWithOutput(
        own=own,
        review=reviews(user, output.job),
        decide=outputs_to_review(user).filter(pk=output.pk).exists(),
        release=may_be_released(output.check_outcome) and not refusal_of(output),
        download=own and released and not refusal_of(output),
    )

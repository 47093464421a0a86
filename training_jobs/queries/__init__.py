"""What may be read of training jobs, narrowed to the reader."""

from training_jobs.queries.contents import held_bytes, released_file
from training_jobs.queries.jobs import job, jobs_of, jobs_to_decide, jobs_visible
from training_jobs.queries.outputs import (
    agreed_outputs,
    is_agreed,
    output,
    outputs_of,
    outputs_to_review,
    outputs_visible,
    released_outputs,
)
from training_jobs.queries.waiting import waiting

__all__ = [
    "agreed_outputs",
    "held_bytes",
    "is_agreed",
    "job",
    "jobs_of",
    "jobs_to_decide",
    "jobs_visible",
    "output",
    "outputs_of",
    "outputs_to_review",
    "outputs_visible",
    "released_file",
    "released_outputs",
    "waiting",
]

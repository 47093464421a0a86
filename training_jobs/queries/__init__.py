"""What may be read of training jobs, narrowed to the reader."""

from training_jobs.queries.asking import Purpose, grants_for_jobs, purpose, reach, templates
from training_jobs.queries.contents import held_bytes, readable_bytes, refusal_of, released_file
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
from training_jobs.queries.reviewers import reviews
from training_jobs.queries.rights import may, may_with
from training_jobs.queries.spoken import kept_said
from training_jobs.queries.waiting import waiting

__all__ = [
    "Purpose",
    "agreed_outputs",
    "grants_for_jobs",
    "held_bytes",
    "is_agreed",
    "job",
    "jobs_of",
    "jobs_to_decide",
    "jobs_visible",
    "kept_said",
    "may",
    "may_with",
    "output",
    "outputs_of",
    "outputs_to_review",
    "outputs_visible",
    "purpose",
    "reach",
    "readable_bytes",
    "refusal_of",
    "released_file",
    "released_outputs",
    "reviews",
    "templates",
    "waiting",
]

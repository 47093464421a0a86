"""What people ask of training jobs: submit, decide, cancel, start again, decide on outputs, report them."""

from training_jobs.actions.deciding import decide_job
from training_jobs.actions.ending import cancel_job, retry_lost
from training_jobs.actions.reporting import report_output
from training_jobs.actions.reviewing import decide_output
from training_jobs.actions.submitting import submit_job

__all__ = ["cancel_job", "decide_job", "decide_output", "report_output", "retry_lost", "submit_job"]

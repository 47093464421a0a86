"""The tables of training jobs."""

from training_jobs.models.jobs import APPROVALS_NEEDED, JobApproval, JobInput, TrainingJob
from training_jobs.models.outputs import JobOutput, OutputDecision

__all__ = ["APPROVALS_NEEDED", "JobApproval", "JobInput", "JobOutput", "OutputDecision", "TrainingJob"]

"""The tables of training jobs."""

from training_jobs.models.jobs import JobApproval, JobInput, TrainingJob
from training_jobs.models.outputs import JobOutput, OutputDecision

__all__ = ["JobApproval", "JobInput", "JobOutput", "OutputDecision", "TrainingJob"]

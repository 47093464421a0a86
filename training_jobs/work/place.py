"""Where a job runs on this machine: the executor, and the folders of one attempt."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from training_jobs.executors.base import Executor
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.models import TrainingJob

# One for the whole process, because the probe that shows that a sandbox works takes a second.
_executor: Executor = BubblewrapExecutor()


def executor() -> Executor:
    """What runs the jobs of this machine."""
    return _executor


def job_dir(job_id: UUID) -> Path:
    """The folder of all attempts of a job, which only the registry's own user may enter."""
    return Path(settings.RUNS) / str(job_id)


def data_dir(job: TrainingJob) -> Path:
    """The staged data of the present attempt."""
    return job_dir(job.pk) / str(job.attempt) / "data"


def run_dir(job: TrainingJob) -> Path:
    """The executor's folder of the present attempt."""
    return job_dir(job.pk) / str(job.attempt) / "run"


def remove_data(job: TrainingJob) -> None:
    """Removes the staged data of every attempt; raises RuntimeError when some is still there."""
    for folder in job_dir(job.pk).glob("*/data"):
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise RuntimeError("staged data are still there after their removal")


def remove_all(job_id: UUID) -> None:
    """Removes everything that a job left on this machine."""
    shutil.rmtree(job_dir(job_id), ignore_errors=True)


def staged_jobs() -> list[UUID]:
    """The jobs that have a folder on this machine."""
    return [UUID(folder.name) for folder in Path(settings.RUNS).glob("*-*-*-*-*") if folder.is_dir()]

"""What tests of training jobs share: images to learn from, a grant on them, and the machine's steps."""

import shutil
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import drain as run_due_work
from tests.executors.cohort import make_cohort
from tests.factories import training_jobs as make
from training_jobs.models import TrainingJob

#: Turns of waiting for a job.
SWEEPS_EVERY = 20
DONORS = 60  # ten of each kind in each split: the fewest that the shipped template accepts


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """One real slice a donor; every second one has a lesion painted in."""
    folder = make_cohort(tmp_path_factory.mktemp("cohort") / "cohort", donors=DONORS, images=1)
    return [path.read_bytes() for path in sorted((folder / "files").iterdir())]


@pytest.fixture
def world(programme: Programme, images: list[bytes]) -> make.World:
    """A grant on enough images for a whole run."""
    return make.world(programme, images)


@pytest.fixture
def small(programme: Programme, images: list[bytes]) -> make.World:
    """A grant on three images: enough for everything but a run that ends well."""
    return make.world(programme, images[:3])


@pytest.fixture(autouse=True)
def runs() -> Iterator[Path]:
    """The folder of the runs, emptied after each test."""
    yield Path(settings.RUNS)
    shutil.rmtree(settings.RUNS, ignore_errors=True)


@pytest.fixture
def until() -> Callable[..., TrainingJob]:
    """Lets the machine work until a job is in one of the states."""
    return work_until


def work_until(job: TrainingJob, *states: str, seconds: float = 60) -> TrainingJob:
    """Runs what is due, again and again, as workers and the clock would.

    The sweeps run now and then: at every turn they would take the processor from the run that is waited for.
    """
    end = time.monotonic() + seconds
    for turn in count():
        run_due_work(sweep=turn % SWEEPS_EVERY == 0)
        job.refresh_from_db()
        if job.state in states:
            return job
        if time.monotonic() > end:
            break
        time.sleep(0.05)
        hurry()
    due = list(DueWork.objects.filter(done=False).values_list("kind", "last_error"))
    raise AssertionError(f"still {job.state} ({job.reason}), not {states}: {due}")


def hurry() -> None:
    """Makes steps that wait a second due now."""
    DueWork.objects.filter(kind="training_jobs.step", done=False).update(due_at=timezone.now())

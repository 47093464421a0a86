"""What is seen of a job while it runs: its progress and its metrics, on its page and through the API."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from core.accounts.actions import make_token
from core.accounts.roles import Scope
from tests.factories import training_jobs as make
from training_jobs import work
from training_jobs.executors import record
from training_jobs.models import JobInput, TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work import place


@pytest.fixture
def running(small: make.World) -> Iterator[tuple[TrainingJob, Path]]:
    """A job whose run is under way: its files as a supervisor writes them, and the lock that a living one holds."""
    job = small.approved()
    while not JobInput.objects.filter(job=job).exists():
        work.step_job(job.pk)
    job.refresh_from_db()
    folder = place.run_dir(job)
    folder.mkdir(parents=True)
    lock = record.take_lock(folder)
    assert lock is not None
    record.write(folder / record.REQUEST, {"job_id": str(job.pk)})
    record.write(folder / record.BEGAN, {"started_at": "2026-01-02T03:04:05+00:00", **record.this_machine()})
    yield job, folder
    os.close(lock)


def test_progress_and_metrics_show_while_it_runs(running: tuple[TrainingJob, Path], small: make.World) -> None:
    job, folder = running
    steps = [{"step": 1, "validation_auc": 0.61}, {"step": 2, "validation_auc": 0.74}]
    for fraction, known in ((0.25, 1), (0.5, 2)):
        record.write(folder / record.PROGRESS, {"fraction": fraction, "steps": steps[:known]})
        work.step_job(job.pk)
        work.step_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.progress, job.metrics) == (JobState.RUNNING, fraction, steps[:known])
    browser = Client()
    browser.force_login(small.researcher)
    for headers in ({}, {"HX-Request": "true"}):
        shown = browser.get(f"/jobs/{job.pk}/", headers=headers).content.decode()
        assert 'value="50"' in shown
        assert "Validation AUC" in shown
        assert "0.74" in shown
    _, token = make_token(user=small.researcher, name="script", scopes=[Scope.JOBS], days=1, by=small.researcher)
    told = Client().get(f"/api/v1/jobs/{job.pk}/", headers={"Authorization": f"Bearer {token}"}).json()
    assert (told["state"], told["progress"], told["metrics"]) == ("running", 0.5, steps)

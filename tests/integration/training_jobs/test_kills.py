"""A worker that dies at any moment delays a job and doubles nothing."""

import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.audit.models import Event
from core.storage.models import StoredObject
from core.storage.zones import ObjectState, Zone
from tests.factories import training_jobs as make
from tests.integration.training_jobs.ended import run_ended_well
from tests.integration.training_jobs.killing import killed
from training_jobs import actions, work
from training_jobs.executors import record
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.executors.stage import Programs
from training_jobs.models import JobInput, TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work import place

Until = Callable[..., TrainingJob]


ON_THE_WAY = [
    ("training_jobs.work.slots.take", False),
    ("training_jobs.work.staging.move", True),
    ("training_jobs.work.staging.move", False),
    ("training_jobs.work.choosing.choose", False),
    ("training_jobs.work.copying._write", False),
    ("training_jobs.work.copying.copy_some", False),
    ("training_jobs.work.staging._running", True),
    ("training_jobs.work.running.why_stop", True),
    ("training_jobs.work.ending.remove_data", False),
    ("training_jobs.work.ending.remove_all", True),
]


@pytest.mark.parametrize(("target", "before"), ON_THE_WAY)
def test_on_the_way_to_its_end(
    small: make.World, until: Until, monkeypatch: pytest.MonkeyPatch, target: str, before: bool
) -> None:
    job = small.approved()
    with killed(target, before=before, patch=monkeypatch):
        until(job, JobState.FAILED)
    job = until(job, JobState.FAILED)
    assert job.reason.startswith("Too few donors")  # says the template: it ran, once
    assert (job.attempt, job.slot) == (1, None)
    assert JobInput.objects.filter(job=job).count() == 3
    assert Event.objects.filter(subject_id=job.pk, verb="training_jobs.trainingjob.running").count() == 1
    work.remove_leftovers()
    assert not place.job_dir(job.pk).exists()


COLLECTING = [
    ("training_jobs.work.running._finished", True),
    ("training_jobs.work.collecting._hold", False),
    ("training_jobs.work.collecting.storage.write", False),
    ("training_jobs.work.collecting.settle", False),
    ("training_jobs.work.collecting.remove_all", True),
]


@pytest.mark.parametrize(("target", "before"), COLLECTING)
def test_while_outputs_are_collected(
    small: make.World, until: Until, monkeypatch: pytest.MonkeyPatch, target: str, before: bool
) -> None:
    job = run_ended_well(small)
    with killed(target, before=before, patch=monkeypatch):
        until(job, JobState.IN_REVIEW)
    job = until(job, JobState.IN_REVIEW)
    held = StoredObject.objects.filter(zone=Zone.OUTPUTS)
    assert job.outputs.count() == 4
    assert {(thing.pk, thing.state) for thing in held} == {(o.stored_id, ObjectState.STORED) for o in job.outputs.all()}
    work.remove_leftovers()
    assert not place.job_dir(job.pk).exists()
    release_through_kills(small, job, monkeypatch)


def release_through_kills(world: make.World, job: TrainingJob, patch: pytest.MonkeyPatch) -> None:
    """A release that dies after its copy was reserved, or written, is still one release."""
    output = job.outputs.get(name="metrics.json")
    for reviewer in world.reviewers:
        actions.decide_output(output=output, releases=True, reason="", by=reviewer)
    for target in ("_reserve", "storage.write", "settle"):
        with killed(f"training_jobs.work.releasing.{target}", before=False, patch=patch):
            work.release(output.pk)
        output.refresh_from_db()
        assert output.state == OutputState.HELD
    work.release(output.pk)
    work.release(output.pk)
    output.refresh_from_db()
    assert output.state == OutputState.RELEASED
    assert StoredObject.objects.get(zone=Zone.RELEASED).pk == output.released_id


def test_a_killed_run_is_lost_and_begun_again_only_by_a_person(small: make.World, until: Until) -> None:
    job = until(small.approved(), JobState.RUNNING)
    began = wait_for(job)
    os.kill(began["pid"], signal.SIGKILL)
    job = until(job, JobState.LOST)
    assert "new attempt" in job.reason
    assert not place.data_dir(job).exists()
    actions.retry_lost(job=job, by=small.reviewers[0])
    job = until(job, JobState.FAILED)
    assert (job.attempt, JobInput.objects.filter(job=job, attempt=2).count()) == (2, 3)


def wait_for(job: TrainingJob) -> dict[str, Any]:
    """What the supervisor wrote when it began."""
    file = place.run_dir(job) / record.BEGAN
    while not file.exists():
        time.sleep(0.01)
    return dict(json.loads(file.read_text()))


def test_where_the_sandbox_is_gone_meanwhile_nothing_runs(
    small: make.World, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = small.approved()
    monkeypatch.setattr(place, "_executor", BubblewrapExecutor(Programs(bwrap="/nowhere/bwrap")))
    job = until(job, JobState.FAILED)
    assert "No sandbox can be had" in job.reason
    assert not JobInput.objects.filter(job=job).exists()


def test_no_more_jobs_at_once_than_there_are_places(small: make.World, until: Until, drain: Callable[[], int]) -> None:
    first, second = small.approved(), small.approved(seed=2)
    until(first, JobState.RUNNING)
    drain()
    second.refresh_from_db()
    assert second.state == JobState.APPROVED
    until(first, JobState.FAILED)
    until(second, JobState.FAILED)


def test_a_run_is_stopped_on_request(small: make.World, until: Until) -> None:
    job = until(small.approved(), JobState.RUNNING)
    actions.cancel_job(job=job, by=small.researcher)
    actions.cancel_job(job=job, by=small.reviewers[0])
    job = until(job, JobState.STOPPED)
    assert not job.outputs.exists()
    assert not place.job_dir(job.pk).exists()

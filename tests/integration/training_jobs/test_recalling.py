"""A report of a possible identity at each moment of a job: runs stop, results are kept back, and come free again."""

from collections.abc import Callable
from io import BytesIO

import pytest

from core.accounts.roles import Role
from core.errors import Missing, NotAllowed
from registry import actions as registry
from registry.models import HolderNotice, Image, RecallStep
from registry.queries import entries_for
from registry.rules.leaving import Way
from registry.rules.recall import Where
from registry.work import read_image
from tests.factories import training_jobs as make
from tests.integration.training_jobs.ended import run_ended_well
from training_jobs import actions, queries, work
from training_jobs.models import JobInput, JobOutput, TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work import place

pytestmark = pytest.mark.django_db(transaction=True)
Until = Callable[..., TrainingJob]


def reported(world: make.World, donor: int = 0) -> "registry.recall.IdentityReport":
    """A report on one donor's image, by its digest."""
    image = Image.objects.get(donor=world.donors[donor])
    return registry.report_identity(
        programme=world.programme, where=Where(sha256=image.sha256), seen="name", description="", by=world.researcher
    )


def decided(world: make.World, report: "registry.recall.IdentityReport", *, right: bool) -> None:
    steward = make.core.user(world.programme, Role.STEWARD)
    if right:
        registry.confirm_report(report=report, reason="writing", by=steward)
    else:
        registry.dismiss_report(report=report, reason="nobody", by=steward)


def given(job: TrainingJob) -> set[object]:
    return set(JobInput.objects.filter(job=job, attempt=job.attempt).values_list("donor_id", flat=True))


def test_a_run_is_stopped_and_nothing_is_kept(small: make.World, until: Until) -> None:
    job = until(small.approved(), JobState.RUNNING)
    report = reported(small)
    job.refresh_from_db()
    assert job.stop_asked == "recall"
    job = until(job, JobState.STOPPED)
    assert "recognised" in job.reason
    assert not job.outputs.exists()
    assert not place.job_dir(job.pk).exists()
    assert RecallStep.objects.filter(report=report, what="job_stopped", subject_id=job.pk).exists()


def test_a_job_that_was_approved_runs_without_the_image(small: make.World, until: Until) -> None:
    job = small.approved()
    reported(small)
    job = until(job, JobState.RUNNING, JobState.FAILED)
    assert given(job) == {small.donors[1].pk, small.donors[2].pk}


def test_an_image_that_was_chosen_before_is_not_read_and_the_job_is_staged_anew(
    small: make.World, until: Until
) -> None:
    job = small.approved()
    while not JobInput.objects.filter(job=job).exists():
        work.step_job(job.pk)
        job.refresh_from_db()
    entry = entries_for(small.grant).get(donor_id=small.donors[0].pk)
    reported(small)
    with pytest.raises(Missing):
        read_image(entry, way=Way.SANDBOX)
    work.step_job(job.pk)
    assert not given(job)
    assert not place.data_dir(job).exists()


def released(world: make.World, until: Until, drain: Callable[[], int]) -> TrainingJob:
    """A job whose model and metrics were released."""
    job = until(run_ended_well(world), JobState.IN_REVIEW)
    for name in ("model.json", "metrics.json"):
        for reviewer in world.reviewers:
            actions.decide_output(output=job.outputs.get(name=name), releases=True, reason="", by=reviewer)
    drain()
    return job


def readable(world: make.World, job: TrainingJob, name: str) -> bool:
    """Whether the researcher gets the bytes, by the list, by the page and by the download alike."""
    output = queries.output(world.researcher, job.outputs.get(name=name).pk)
    shown = queries.readable_bytes(world.researcher, output) is not None
    assert queries.may_with(world.researcher, output).download == shown
    try:
        with queries.released_file(world.researcher, output) as stream:
            assert BytesIO(stream.read()).getvalue()
    except NotAllowed:
        assert not shown
        return False
    return shown


def test_a_model_that_learnt_from_the_image_is_kept_back_until_the_report_is_dismissed(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = released(small, until, drain)
    assert readable(small, job, "model.json")
    report = reported(small, 2)
    assert not readable(small, job, "model.json")
    assert readable(small, job, "metrics.json")  # numbers show nobody: only the model, as after a withdrawal
    assert work.keep_back(by=work.RUNNER) == 0
    decided(small, report, right=False)
    assert readable(small, job, "model.json")
    assert JobOutput.objects.filter(job=job).exclude(recalled_at=None).count() == 0
    decided(small, reported(small, 2), right=True)
    drain()
    assert not readable(small, job, "model.json")


def test_a_result_that_is_reported_is_kept_back_and_its_holder_told(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = released(small, until, drain)
    metrics = job.outputs.get(name="metrics.json")
    stranger = make.core.user(small.programme, Role.RESEARCHER)
    with pytest.raises(Missing):
        actions.report_output(output=metrics, seen="number", description="", by=stranger)
    report = actions.report_output(output=metrics, seen="number", description="", by=small.reviewers[0])
    assert not readable(small, job, "metrics.json")
    assert readable(small, job, "model.json")
    assert HolderNotice.objects.get(report=report).grant_id == small.grant.pk
    decided(small, report, right=False)
    assert readable(small, job, "metrics.json")


def test_between_the_last_yes_and_the_release_a_report_keeps_the_result(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    model = job.outputs.get(name="model.json")
    for reviewer in small.reviewers:
        actions.decide_output(output=model, releases=True, reason="", by=reviewer)
    report = reported(small, 1)
    drain()
    model.refresh_from_db()
    assert (model.state, model.released) == (OutputState.HELD, None)
    decided(small, report, right=False)
    drain()
    model.refresh_from_db()
    assert model.state == OutputState.RELEASED

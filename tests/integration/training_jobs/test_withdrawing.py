"""A donor withdraws, or changes their mind: what follows for a job at every moment of its way."""

from collections.abc import Callable
from typing import Any

import pytest

from consent import actions as consent
from consent.models import Donor, UseVerdict, WithdrawalStep
from consent.rules.duties import NotYet
from core.errors import NotAllowed
from core.notifications.queries import inbox
from registry.models import Grant
from registry.rules.lifecycle import GrantState
from tests.factories import training_jobs as make
from tests.factories.consent import choices
from tests.integration.training_jobs.ended import run_ended_well
from tests.integration.training_jobs.killing import killed
from training_jobs import actions, queries, work
from training_jobs.models import JobInput, TrainingJob
from training_jobs.rules.lifecycle import JobState, OutputState
from training_jobs.work import place
from training_jobs.work.ending import end

Until = Callable[..., TrainingJob]


def withdraw(donor: Donor) -> None:
    """The donor's own act."""
    consent.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)


def proof() -> dict[str, Any]:
    """What the duty shows, once it is done."""
    step = WithdrawalStep.objects.get(duty="training_jobs.jobs")
    assert step.state == "done", step.last_error
    return dict(step.proof)


def given(job: TrainingJob) -> set[Any]:
    """The donors whose images the present attempt was given."""
    return set(JobInput.objects.filter(job=job, attempt=job.attempt).values_list("donor_id", flat=True))


def test_before_staging_they_are_not_chosen(small: make.World, until: Until) -> None:
    job = small.approved()
    withdraw(small.donors[0])
    job = until(job, JobState.FAILED)
    assert given(job) == {small.donors[1].pk, small.donors[2].pk}
    assert (job.donor_count, proof()["jobs_flagged"]) == (2, 0)


@pytest.mark.parametrize("last", ["choosing.choose", "copying.copy_some"])
def test_between_choosing_and_start_the_job_is_staged_anew(
    small: make.World, until: Until, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    job = small.approved()
    with killed(f"training_jobs.work.staging.{last}", before=False, patch=monkeypatch):
        until(job, JobState.RUNNING)
    withdrawing = small.donors[0].pk
    job.refresh_from_db()
    assert withdrawing in given(job)
    withdraw(small.donors[0])
    with pytest.raises(NotYet):
        work.duty(withdrawing, withdrawing, work.RUNNER)
    work.step_job(job.pk)
    assert not given(job)
    assert not place.data_dir(job).exists()
    assert work.duty(withdrawing, withdrawing, work.RUNNER)
    job = until(job, JobState.FAILED)
    assert given(job) == {small.donors[1].pk, small.donors[2].pk}


def test_while_it_runs_the_job_is_stopped_and_nothing_is_kept(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = until(small.approved(), JobState.RUNNING)
    withdraw(small.donors[0])
    job.refresh_from_db()
    assert job.stop_asked == "withdrawal"
    job = until(job, JobState.STOPPED)
    assert "withdrawn" in job.reason
    assert not job.outputs.exists()
    assert not place.job_dir(job.pk).exists()
    assert inbox(small.researcher).filter(title__contains="stopped").count() == 1
    step = WithdrawalStep.objects.get(duty="training_jobs.jobs")
    assert work.duty(small.donors[0].pk, step.withdrawal_id, work.RUNNER)["jobs_stopped"] == 1


def test_a_donor_who_wants_no_training_any_more_stops_a_run(small: make.World, until: Until) -> None:
    job = until(small.approved(), JobState.RUNNING)
    donor = small.donors[1]
    given_name, family_name = donor.person.given_name, donor.person.family_name
    consent.change_choices(
        donor=donor,
        choices=choices(train_models=False, share_weights=False),
        typed_name=f"{given_name} {family_name}",
        by=donor.person.user,
    )
    job = until(job, JobState.STOPPED)
    assert "no longer allows" in job.reason


def test_a_grant_that_ends_stops_a_run_and_keeps_an_approved_one_from_starting(small: make.World, until: Until) -> None:
    running, waiting = small.approved(), small.approved(seed=2)
    until(running, JobState.RUNNING)
    Grant.objects.filter(pk=small.grant.pk).update(state=GrantState.REVOKED)
    running = until(running, JobState.STOPPED)
    assert "access" in running.reason
    assert until(waiting, JobState.CANCELLED).reason == "This access was ended by the registry."


def test_after_the_end_job_and_outputs_are_flagged_and_the_model_stays(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    for name in ("model.json", "metrics.json"):
        for reviewer in small.reviewers:
            actions.decide_output(output=job.outputs.get(name=name), releases=True, reason="", by=reviewer)
    drain()
    model, metrics = (job.outputs.get(name=name) for name in ("model.json", "metrics.json"))
    queries.released_file(small.researcher, model).close()
    withdraw(small.donors[2])
    model, metrics = (queries.output(small.researcher, output.pk) for output in (model, metrics))
    job.refresh_from_db()
    assert (job.flag_reason, bool(job.flagged_at)) == ("withdrawal", True)
    assert job.outputs.filter(flagged_at=None).count() == 0
    with pytest.raises(NotAllowed, match="withdrawn"):
        queries.released_file(small.researcher, model)
    queries.released_file(small.researcher, metrics).close()
    drain()
    drain()
    assert proof() == {"jobs_stopped": 0, "jobs_flagged": 1, "outputs_flagged": 4}
    assert inbox(small.researcher).filter(title__contains="training job has withdrawn").count() == 1
    assert metrics.state == OutputState.RELEASED


def test_a_withdrawal_between_the_last_yes_and_the_release_keeps_the_model(
    small: make.World, until: Until, drain: Callable[[], int]
) -> None:
    job = until(run_ended_well(small), JobState.IN_REVIEW)
    model = job.outputs.get(name="model.json")
    for reviewer in small.reviewers:
        actions.decide_output(output=model, releases=True, reason="", by=reviewer)
    withdraw(small.donors[2])
    drain()
    model.refresh_from_db()
    assert (model.state, model.released) == (OutputState.HELD, None)
    third = make.core.user(small.programme, make.Role.JOB_REVIEWER)
    with pytest.raises(NotAllowed, match="cannot be released"):
        actions.decide_output(output=model, releases=True, reason="", by=third)


def test_between_the_end_and_the_collecting_outputs_are_born_flagged(small: make.World, until: Until) -> None:
    job = run_ended_well(small)
    while job.state != JobState.SUCCEEDED:
        work.step_job(job.pk)
        job.refresh_from_db()
    withdraw(small.donors[2])
    job = until(job, JobState.IN_REVIEW)
    assert job.flagged_at
    assert job.outputs.filter(flagged_at=None).count() == 0


def test_a_lost_run_that_saw_the_donor_begins_anew_and_goes_on_from_nothing(small: make.World, until: Until) -> None:
    """No checkpoint is resumed: the attempt has folders and inputs of its own, and what the lost one left is gone."""
    job = until(small.approved(), JobState.RUNNING)
    first = place.run_dir(job)
    assert small.donors[0].pk in given(job)
    place.executor().stop(first)
    end(job, JobState.LOST, "The machine went away.")
    withdraw(small.donors[0])
    actions.retry_lost(job=job, by=small.reviewers[0])
    job.refresh_from_db()
    assert (job.attempt, given(job)) == (2, set())
    assert not first.exists()
    job = until(job, JobState.FAILED)
    assert given(job) == {small.donors[1].pk, small.donors[2].pk}
    assert place.run_dir(job) != first


def test_a_run_keeps_what_the_rules_said_when_its_images_were_chosen(small: make.World) -> None:
    job = small.approved()
    while not JobInput.objects.filter(job=job).exists():
        assert not UseVerdict.objects.exists()
        work.step_job(job.pk)
    assert {row.use_digest for row in UseVerdict.objects.all()} == {small.grant.use_digest}

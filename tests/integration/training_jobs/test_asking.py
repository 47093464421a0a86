"""Who may ask for which job, and what is said to those who may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.accounts.actions import end_role
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.errors import Conflict, Invalid, Missing, NotAllowed, Refused, Unavailable
from registry.models import Grant
from registry.rules.lifecycle import GrantState, VersionState
from tests.factories import core
from tests.factories import training_jobs as make
from training_jobs import actions, queries
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.executors.stage import Programs
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work import place


@pytest.fixture
def empty(programme: Programme) -> make.World:
    """A grant; whether there are images behind it does not matter for asking."""
    return make.world(programme)


def ask(world: make.World, **changed: Any) -> TrainingJob:
    """Asks with one thing changed."""
    asked = {"grant": world.grant, "template": "image_classifier", "parameters": {}, "title": "A job"}
    return actions.submit_job(**{**asked, "by": world.researcher, **changed})


def test_a_job_says_exactly_what_will_run(empty: make.World) -> None:
    job = ask(empty, parameters={"seed": "7"}, limits={"memory_mb": 512})
    assert (job.state, job.researcher, job.programme) == (JobState.SUBMITTED, empty.researcher, empty.programme)
    assert job.specification["dataset_version"] == empty.version.digest
    assert job.specification["parameters"]["seed"] == 7
    assert job.specification["limits"]["memory_mb"] == 512


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"template": "no_such_thing"}, "no training template"),
        ({"parameters": {"speed": 3}}, "no parameter called"),
        ({"parameters": {"image_size": 10_000}}, "must be a whole number from 32 to 256"),
        ({"parameters": {"image_size": "many"}}, "must be a whole number"),
        ({"limits": {"gpus": 1}}, "no limit called"),
        ({"limits": {"memory_mb": 10**9}}, "memory_mb"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\0b"}, "title"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(empty: make.World, changed: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        ask(empty, **changed)
    assert refusal.value.fields
    assert not TrainingJob.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": GrantState.OFFERED}, "not signed"),
        ({"state": GrantState.REVOKED}, "ended by the registry"),
        ({"state": GrantState.EXPIRED}, "time is over"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "time is over"),
    ],
)
def test_a_grant_that_has_ended_gives_nothing(empty: make.World, changed: Any, said: str) -> None:
    Grant.objects.filter(pk=empty.grant.pk).update(**changed)
    with pytest.raises(Refused, match=said):
        ask(empty)
    assert not TrainingJob.objects.exists()


def test_who_is_no_researcher_any_more_can_use_no_grant(empty: make.World, until: Callable[..., TrainingJob]) -> None:
    approved = empty.approved(seed=3)
    held = empty.researcher.memberships.get(role=Role.RESEARCHER)
    end_role(membership=held, by=core.SETUP)
    with pytest.raises(NotAllowed, match="no longer a researcher"):
        ask(empty)
    assert until(approved, JobState.CANCELLED).reason.startswith("You are no longer a researcher")


def test_a_closed_version_takes_no_new_job(empty: make.World) -> None:
    type(empty.version).objects.filter(pk=empty.version.pk).update(state=VersionState.CLOSED)
    with pytest.raises(Refused, match="takes no new use"):
        ask(empty)


def test_a_purpose_without_training_trains_nothing(programme: Programme) -> None:
    world = make.world(programme, use=replace(make.USE, train_model=False))
    with pytest.raises(NotAllowed, match="does not include the training"):
        ask(world)


def test_someone_elses_grant_is_not_there(empty: make.World, programme: Programme) -> None:
    for other in (make.world(programme).researcher, core.user(), *empty.reviewers):
        with pytest.raises(Missing):
            ask(empty, by=other)
    with pytest.raises(NotAllowed):
        ask(empty, by=core.SETUP)


def test_the_same_asked_twice_is_one_job_until_it_has_ended(empty: make.World) -> None:
    job = ask(empty)
    with pytest.raises(Conflict, match="already"):
        ask(empty, title="Another title")
    ask(empty, parameters={"seed": 2})
    actions.cancel_job(job=job, by=empty.researcher)
    ask(empty)
    assert TrainingJob.objects.count() == 3


def test_without_a_sandbox_nothing_is_asked(empty: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_executor", BubblewrapExecutor(Programs(bwrap="/nowhere/bwrap")))
    with pytest.raises(Unavailable, match="No sandbox can be had"):
        ask(empty)
    assert not TrainingJob.objects.exists()


def test_everyone_sees_what_is_theirs(programme: Programme, other_programme: Programme) -> None:
    first, second, elsewhere = make.world(programme), make.world(programme), make.world(other_programme)
    jobs = [world.job() for world in (first, second, elsewhere)]
    stranger = core.user()
    auditor = core.user(programme, Role.AUDITOR)
    seen = {
        first.researcher: {jobs[0]},
        second.researcher: {jobs[1]},
        first.reviewers[0]: {jobs[0], jobs[1]},
        elsewhere.reviewers[0]: {jobs[2]},
        auditor: {jobs[0], jobs[1]},
        stranger: set(),
    }
    for user, expected in seen.items():
        assert set(queries.jobs_visible(user)) == expected
        for job in jobs:
            if job in expected:
                assert queries.job(user, job.pk) == job
            else:
                with pytest.raises(Missing):
                    queries.job(user, job.pk)
    assert set(queries.jobs_to_decide(first.reviewers[0])) == {jobs[0], jobs[1]}
    assert not queries.jobs_to_decide(auditor).exists()
    assert len(queries.waiting(first.reviewers[0])) == 2
    assert queries.waiting(first.researcher) == queries.waiting(stranger) == []

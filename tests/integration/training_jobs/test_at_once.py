"""People and workers who act at the same moment: each deed counts once, and no place is given twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from core.accounts.models import Programme
from core.errors import Conflict
from tests.factories import core
from tests.factories import training_jobs as make
from training_jobs import actions
from training_jobs.models import JobApproval, TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work import slots

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty(transactional_db: None) -> make.World:
    """A grant without images, seen by every thread."""
    programme: Programme = core.programme("lungs")
    return make.world(programme)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Does all of them at the same time; a Conflict counts as its answer."""

    def do(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def decide(job: TrainingJob, reviewer: Any, approves: bool = True) -> Callable[[], Any]:
    """A decision on the reviewer's own copy of the job."""
    return lambda: actions.decide_job(
        job=TrainingJob.objects.get(pk=job.pk),
        approves=approves,
        reason="So.",
        spec_digest=job.spec_digest,
        by=reviewer,
    )


def test_two_approvals_at_once_approve(empty: make.World) -> None:
    job = empty.job()
    at_once(*(decide(job, reviewer) for reviewer in empty.reviewers))
    job.refresh_from_db()
    assert job.state == JobState.APPROVED


def test_one_reviewer_in_two_windows_counts_once(empty: make.World) -> None:
    job = empty.job()
    answers = at_once(decide(job, empty.reviewers[0]), decide(job, empty.reviewers[0]))
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert JobApproval.objects.count() == 1


def test_an_approval_and_a_rejection_at_once_never_approve(empty: make.World) -> None:
    job = empty.job()
    at_once(decide(job, empty.reviewers[0]), decide(job, empty.reviewers[1], approves=False))
    job.refresh_from_db()
    assert job.state == JobState.REJECTED


def test_a_form_sent_twice_at_once_asks_once(empty: make.World) -> None:
    answers = at_once(empty.job, empty.job, empty.job)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert TrainingJob.objects.count() == 1


def test_a_place_is_given_once(empty: make.World, settings: LazySettings) -> None:
    settings.JOBS_AT_ONCE = 2
    jobs = [empty.approved(seed=seed) for seed in range(5)]
    at_once(*(lambda job=job: slots.take(job) for job in jobs))
    for job in jobs:
        slots.take(TrainingJob.objects.get(pk=job.pk))
    taken = TrainingJob.objects.exclude(slot=None).values_list("slot", flat=True)
    assert set(taken) == {0, 1}

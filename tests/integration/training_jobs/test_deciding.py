"""Two others approve exactly one specification; nobody else, nothing else, and not twice."""

from collections.abc import Callable

import pytest

from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.due.models import DueWork
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.queries import inbox
from tests.factories import core
from tests.factories import training_jobs as make
from training_jobs import actions, work
from training_jobs.models import JobApproval, TrainingJob
from training_jobs.rules.lifecycle import JobState


@pytest.fixture
def empty(programme: Programme) -> make.World:
    """A grant without images."""
    return make.world(programme)


def test_two_others_approve(empty: make.World) -> None:
    job = empty.job()
    make.approve(job, empty.reviewers[0])
    assert job.state == JobState.SUBMITTED
    make.approve(job, empty.reviewers[1])
    assert job.state == JobState.APPROVED
    assert DueWork.objects.filter(kind="training_jobs.step", subject_id=job.pk, done=False).count() == 1
    assert Event.objects.filter(verb="training_jobs.decided").count() == 2
    assert inbox(empty.researcher).filter(title__contains="approved").count() == 1


def test_one_reviewer_counts_once(empty: make.World) -> None:
    job = empty.job()
    make.approve(job, empty.reviewers[0])
    with pytest.raises(Conflict, match="already"):
        make.approve(job, empty.reviewers[0])
    job.refresh_from_db()
    assert job.state == JobState.SUBMITTED
    assert JobApproval.objects.count() == 1


def test_nobody_approves_their_own(empty: make.World) -> None:
    Membership.objects.create(
        user=empty.researcher, programme=empty.programme, role=Role.JOB_REVIEWER, granted_by="system:test"
    )
    with pytest.raises(NotAllowed, match="others must decide"):
        make.approve(empty.job(), empty.researcher)
    assert not JobApproval.objects.exists()


def test_only_reviewers_of_the_programme(empty: make.World, other_programme: Programme) -> None:
    others = [
        *make.world(other_programme).reviewers,
        core.user(empty.programme, Role.COMMITTEE, Role.STEWARD, Role.CURATOR, Role.AUDITOR),
        core.user(),
    ]
    job = empty.job()
    for user in others:
        with pytest.raises(NotAllowed):
            make.approve(job, user)
    with pytest.raises(NotAllowed):
        actions.decide_job(job=job, approves=True, reason="", spec_digest=job.spec_digest, by=core.SETUP)


def test_another_digest_is_refused(empty: make.World) -> None:
    job = empty.job()
    with pytest.raises(Conflict, match="not the one that you read"):
        actions.decide_job(job=job, approves=True, reason="", spec_digest="0" * 64, by=empty.reviewers[0])


def test_a_specification_changed_underneath_is_refused_and_never_run(
    empty: make.World, drain: Callable[[], int]
) -> None:
    job = empty.job()
    changed = job.specification | {"parameters": job.specification["parameters"] | {"seed": 99}}
    TrainingJob.objects.filter(pk=job.pk).update(specification=changed)
    job.refresh_from_db()
    with pytest.raises(Conflict, match="not the one that you read"):
        make.approve(job, empty.reviewers[0])
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.APPROVED)
    work.step_job(job.pk)
    drain()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "not the specification that was approved" in job.reason


def test_one_rejection_ends_it_with_its_reason(empty: make.World) -> None:
    job = empty.job()
    make.approve(job, empty.reviewers[0])
    with pytest.raises(Invalid, match="Say why"):
        actions.decide_job(job=job, approves=False, reason=" ", spec_digest=job.spec_digest, by=empty.reviewers[1])
    actions.decide_job(job=job, approves=False, reason="Too broad.", spec_digest=job.spec_digest, by=empty.reviewers[1])
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.REJECTED, "Too broad.")
    with pytest.raises(Conflict, match="decided on already"):
        make.approve(job, core.user(empty.programme, Role.JOB_REVIEWER))


def test_cancelling(empty: make.World) -> None:
    job = empty.approved()
    for stranger in (core.user(), core.user(empty.programme, Role.AUDITOR)):
        with pytest.raises(Missing):
            actions.cancel_job(job=job, by=stranger)
    actions.cancel_job(job=job, by=empty.researcher)
    actions.cancel_job(job=job, by=empty.researcher)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    with pytest.raises(Conflict, match="interrupted"):
        actions.retry_lost(job=job, by=empty.reviewers[0])


def test_an_audit_that_cannot_be_written_undoes_the_decision(
    empty: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise OSError

    job = empty.job()
    monkeypatch.setattr("training_jobs.actions.deciding.record", broken)
    with pytest.raises(OSError):  # noqa: PT011  (raised above)
        make.approve(job, empty.reviewers[0])
    assert not JobApproval.objects.exists()

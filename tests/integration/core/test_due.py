"""Due work: nothing lost, nothing done twice by two at once, asking again while it runs is not forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from core.due import kinds, run
from core.due.crews import Crew
from core.due.models import DueWork
from core.due.queue import ask, claim, finish
from core.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> Iterator[list[UUID]]:
    calls: list[UUID] = []
    kinds.kind("test.note", calls.append)
    yield calls
    del kinds.KINDS["test.note"]


def test_asking_twice_keeps_one_row(seen: list[UUID]) -> None:
    subject = new_id()
    ask(kinds.KINDS["test.note"], subject)
    ask(kinds.KINDS["test.note"], subject)
    assert DueWork.objects.filter(subject_id=subject).count() == 1
    assert run.drain() == 1
    assert seen == [subject]


def test_only_one_claims(seen: list[UUID]) -> None:
    ask(kinds.KINDS["test.note"], new_id())
    row = DueWork.objects.get()
    assert claim(row.pk) is not None
    assert claim(row.pk) is None


def test_a_dead_worker_is_taken_over_and_can_no_longer_finish(seen: list[UUID]) -> None:
    ask(kinds.KINDS["test.note"], new_id())
    dead = claim(DueWork.objects.get().pk)
    assert dead is not None
    DueWork.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    heir = claim(dead.pk)
    assert heir is not None
    finish(dead, None)
    assert not DueWork.objects.get().done
    finish(heir, None)
    assert DueWork.objects.get().done


def test_asked_again_while_running_runs_again(seen: list[UUID]) -> None:
    subject = new_id()
    ask(kinds.KINDS["test.note"], subject)
    row = claim(DueWork.objects.get().pk)
    assert row is not None
    ask(kinds.KINDS["test.note"], subject)
    finish(row, None)
    assert run.drain() == 1
    assert seen == [subject]


def test_a_failure_waits_and_keeps_only_the_class(seen: list[UUID]) -> None:
    def break_down(_: UUID) -> None:
        raise ValueError("JANE DOE 1950-01-01")

    kinds.kind("test.note", break_down)
    ask(kinds.KINDS["test.note"], new_id())
    assert run.run_row(DueWork.objects.get().pk) is False
    row = DueWork.objects.get()
    assert (row.last_error, row.done, row.lease) == ("ValueError", False, None)
    assert row.due_at > timezone.now()


def test_an_interrupted_attempt_is_seen_by_the_sweep(seen: list[UUID]) -> None:
    ask(kinds.KINDS["test.note"], new_id())
    assert len(run.to_wake(Crew.ANY)) == 1
    assert run.to_wake(Crew.ANY) == []  # just told
    DueWork.objects.update(woken_at=timezone.now() - run.REWAKE * 2)
    assert len(run.to_wake(Crew.ANY)) == 1


def test_a_dead_workers_work_is_told_of_again_at_once(seen: list[UUID]) -> None:
    ask(kinds.KINDS["test.note"], new_id())
    (told,) = run.to_wake(Crew.ANY)
    assert claim(told) is not None
    assert run.to_wake(Crew.ANY) == []
    DueWork.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run.to_wake(Crew.ANY) == [told]

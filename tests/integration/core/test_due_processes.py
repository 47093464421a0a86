"""Due work under fire: several processes, killed, frozen and hanging workers; each piece of work is done, and once."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.utils import timezone

from core.due import kinds, run
from core.due.crews import Crew
from core.due.models import DueWork
from core.due.queries import stuck
from core.due.queue import ask, claim, claimable
from core.ids import new_id
from tests.integration.core.processes import Apart, together, until

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "test.fire"


@pytest.fixture(autouse=True)
def short_leases(settings: LazySettings) -> Iterator[None]:
    settings.LEASE_SECONDS = 1
    yield
    kinds.KINDS.pop(NAME, None)


class Notes:
    """What handlers did, kept in a file: it outlives the process that wrote it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, word: object) -> None:
        with self.file.open("a") as out:
            out.write(f"{word}\n")

    def words(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


def asked(handler: kinds.Handler, **options: int) -> DueWork:
    """One row of due work for this handler."""
    ask(kinds.kind(NAME, handler, **options), new_id())
    return DueWork.objects.get()


def test_four_processes_do_each_of_500_rows_once(notes: Notes) -> None:
    what = kinds.kind(NAME, lambda subject: notes.add(subject))
    subjects = [new_id() for _ in range(500)]
    DueWork.objects.bulk_create(DueWork(kind=NAME, subject_id=subject) for subject in subjects)
    rows = list(DueWork.objects.values_list("pk", flat=True))

    def work(number: int) -> int:
        random.Random(number).shuffle(rows)
        return sum(run.run_row(row) for row in rows)

    done = together(work, 4)
    assert Counter(notes.words()) == Counter(map(str, subjects))
    assert sum(done) == 500
    assert not DueWork.objects.exclude(done=True, attempts=1).exists()
    assert what.name == NAME


def test_four_processes_that_ask_at_once_make_one_row_and_every_asking_counts() -> None:
    what, subject = kinds.kind(NAME, lambda _: None), new_id()

    def work(_: int) -> None:
        for _ in range(40):
            ask(what, subject)

    together(work, 4)
    assert DueWork.objects.get().asked == 160


def test_a_killed_workers_work_is_done_by_the_next_one_when_its_lease_ends(notes: Notes) -> None:
    def handler(_: UUID) -> None:
        notes.add("begun")
        while os.getpid() != parent:
            time.sleep(1)
        notes.add("ended")

    parent = os.getpid()
    row = asked(handler)
    worker = Apart(lambda: run.run_row(row.pk))
    until(lambda: notes.words() == ["begun"])
    worker.kill()
    assert run.run_row(row.pk) is False  # the dead one's lease still holds
    until(lambda: claimable(timezone.now()).exists())
    assert run.drain() == 1
    row.refresh_from_db()
    assert notes.words() == ["begun", "begun", "ended"]
    assert (row.done, row.attempts) == (True, 2)


def test_long_work_is_not_taken_over_while_its_worker_lives(notes: Notes) -> None:
    def handler(_: UUID) -> None:
        notes.add("begun")
        time.sleep(3)

    row = asked(handler)
    worker = Apart(lambda: run.run_row(row.pk))
    until(notes.words)
    taken = []
    while worker.process.is_alive():
        taken.append(run.run_row(row.pk))
        time.sleep(0.05)
    assert taken
    assert not any(taken)
    row.refresh_from_db()
    assert (row.done, row.attempts) == (True, 1)


def test_a_frozen_worker_is_replaced_and_cannot_finish_when_it_thaws(notes: Notes) -> None:
    def handler(_: UUID) -> datetime | None:
        notes.add("begun")
        if os.getpid() == parent:
            return timezone.now() + timedelta(days=1)
        time.sleep(1)
        return None

    parent = os.getpid()
    row = asked(handler)
    frozen = Apart(lambda: run.run_row(row.pk))
    until(notes.words)
    frozen.signal(signal.SIGSTOP)
    until(lambda: claimable(timezone.now()).exists())
    assert run.run_row(row.pk)
    frozen.signal(signal.SIGCONT)
    frozen.wait()
    row.refresh_from_db()
    assert not row.done
    assert row.due_at > timezone.now()


def test_work_that_hangs_is_taken_over_after_its_longest_time(notes: Notes) -> None:
    def handler(_: UUID) -> None:
        notes.add("begun")
        while os.getpid() != parent:
            time.sleep(1)

    parent = os.getpid()
    row = asked(handler, lease_seconds=2)
    hanging = Apart(lambda: run.run_row(row.pk))
    until(notes.words)
    until(lambda: claimable(timezone.now()).exists())
    assert run.run_row(row.pk)
    hanging.kill()
    row.refresh_from_db()
    assert row.done


def test_work_that_kills_its_workers_waits_longer_each_time_and_is_shown(settings: LazySettings) -> None:
    row = asked(lambda _: None)
    settings.LEASE_SECONDS = -1  # each claim is a worker that dies at once
    for _ in range(3):
        assert claim(row.pk) is not None
    assert claim(row.pk) is None
    row.refresh_from_db()
    assert (row.last_error, row.lease) == ("WorkerDied", None)
    assert row.due_at > timezone.now() + timedelta(seconds=10)
    assert not stuck().exists()
    DueWork.objects.update(attempts=8)
    assert stuck().get() == row


def test_what_fails_again_and_again_is_shown_and_what_waits_its_time_is_not() -> None:
    def fail(_: UUID) -> None:
        raise ValueError

    row = asked(fail)
    pauses = []
    for _ in range(8):
        assert not stuck().exists()
        DueWork.objects.update(due_at=timezone.now())
        assert run.run_row(row.pk) is False
        row.refresh_from_db()
        pauses.append(row.due_at - timezone.now())
    assert pauses == sorted(pauses)
    assert stuck().get() == row
    DueWork.objects.update(attempts=0, due_at=timezone.now() + timedelta(days=3))
    assert not stuck().exists()


def test_what_nobody_takes_is_shown() -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    row = DueWork.objects.create(kind="test.forgotten", subject_id=new_id(), due_at=long_ago)
    assert stuck().get() == row


def test_asking_for_later_does_not_put_off_what_is_due() -> None:
    row = asked(lambda _: None)
    ask(kinds.KINDS[NAME], row.subject_id, at=timezone.now() + timedelta(days=1))
    assert claimable(timezone.now()).exists()
    sooner, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)
    DueWork.objects.update(due_at=later)
    ask(kinds.KINDS[NAME], row.subject_id, at=sooner)
    row.refresh_from_db()
    assert row.due_at == sooner


def test_messages_do_not_pile_up_behind_slow_work() -> None:
    kinds.kind(NAME, lambda _: None)
    DueWork.objects.bulk_create(DueWork(kind=NAME, subject_id=new_id()) for _ in range(30))
    assert len(run.to_wake(Crew.ANY, limit=20)) == 20
    assert run.to_wake(Crew.ANY, limit=20) == []
    told = list(DueWork.objects.exclude(woken_at=None).values_list("pk", flat=True))
    for row in told[:5]:
        run.run_row(row)
    assert len(run.to_wake(Crew.ANY, limit=20)) == 5

"""Which workers do what: a cleaner never does a runner's work and the reverse, and each hears of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from config.celery import app
from core.due import crews, kinds, queue, run
from core.due.crews import Crew, queue_of, queues_of
from core.due.models import DueWork
from core.due.tasks import tick
from core.ids import new_id
from core.storage.roles import Role

#: Who does each kind of work: what reads quarantine is for cleaners, what makes outputs and releases for runners.
EXPECTED = {
    Crew.CLEANING: {
        "curation.clean",
        "curation.deface",
        "curation.plant",
        "curation.recheck",
        "curation.redact",
        "registry.make_takeout",
        "storage.check",
    },
    Crew.RUNNING: {"registry.freeze", "storage.check_results", "training_jobs.release", "training_jobs.step"},
}


def known(crew: Crew) -> set[str]:
    """The product's kinds, without those that tests add."""
    return {name for name in kinds.names_of(crew) if not name.startswith(("test.", "bench."))}


def test_each_kind_of_work_has_its_crew() -> None:
    assert {crew: known(crew) for crew in EXPECTED} == EXPECTED


def test_every_role_of_a_process_has_its_crews() -> None:
    assert set(crews.CREWS) == {role.value for role in Role}
    assert crews.CREWS["web"] == frozenset()
    assert crews.CREWS["cleaner"] & crews.CREWS["runner"] == {Crew.ANY}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_process_claims_the_work_of_its_crews_alone(settings: Any, role: Role) -> None:
    settings.ROLE = role.value
    names = {name for crew in Crew for name in known(crew)}
    rows = {name: DueWork.objects.create(kind=name, subject_id=new_id()).pk for name in names}
    claimed = {name for name, pk in rows.items() if queue.claim(pk) is not None}
    assert claimed == {name for crew in crews.CREWS[role] for name in known(crew)}
    assert not DueWork.objects.exclude(kind__in=claimed).exclude(attempts=0, lease=None).exists()


@pytest.mark.parametrize(
    ("role", "heard"),
    [
        ("cleaner", {"celery", "cleaning"}),
        ("runner", {"celery", "running"}),
        ("worker", {"celery", "cleaning", "running"}),
        ("all", {"celery", "cleaning", "running"}),
    ],
)
def test_a_worker_listens_to_the_queues_of_its_crews(role: str, heard: set[str]) -> None:
    assert {queue.name for queue in queues_of(role)} == heard
    assert set(app.amqp.Queues(queues_of(role)).consume_from) == heard


def test_a_worker_without_a_role_listens_to_everything() -> None:
    assert set(app.amqp.queues.consume_from) == {"celery", "cleaning", "running"}


@pytest.fixture
def woken(settings: Any) -> Iterator[None]:
    """Messages are really sent, and taken away again."""
    settings.WAKE_WORKERS = True
    empty()
    yield
    empty()
    kinds.KINDS.pop("test.cleaning", None)
    kinds.KINDS.pop("test.running", None)


def empty() -> None:
    with app.connection_or_acquire() as connection:
        for crew in Crew:
            queue_of(crew)(connection.default_channel).purge()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["cleaner", "runner"])
def test_any_worker_wakes_every_crew_and_not_more_than_it_can_hear(woken: None, settings: Any, role: str) -> None:
    settings.ROLE = role
    for crew in (Crew.CLEANING, Crew.RUNNING):
        kind = kinds.kind(f"test.{crew}", lambda _: None, crew=crew)
        for _ in range(3):
            DueWork.objects.create(kind=kind.name, subject_id=new_id())
    tick()
    assert {crew: queue.waiting(crew) for crew in (Crew.CLEANING, Crew.RUNNING)} == {Crew.CLEANING: 3, Crew.RUNNING: 3}
    run.sweep_all()
    DueWork.objects.update(woken_at=None)
    for _ in range(97):
        queue.wake(new_id(), Crew.CLEANING)
    tick()
    assert {crew: queue.waiting(crew) for crew in (Crew.CLEANING, Crew.RUNNING)} == {
        Crew.CLEANING: 100,
        Crew.RUNNING: 6,
    }


def test_a_broker_that_is_away_counts_as_empty(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WAKE_WORKERS = True

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(queue.current_app, "connection_or_acquire", away)
    monkeypatch.setitem(queue._broker, "away_until", 0.0)
    assert queue.waiting(Crew.ANY) == 0

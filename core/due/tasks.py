"""The Celery tasks of due work: one runs a row, one sweeps. An id in, one call out."""

from uuid import UUID

from celery import shared_task

from core.due import run as runner
from core.due.crews import Crew
from core.due.queue import waiting, wake

#: A crew that has so many messages before it, or more, is told of nothing else: it may be away, or slow.
ENOUGH = 100


@shared_task(name="due.run", acks_late=True, ignore_result=True)
def run(work_id: str) -> None:
    """Runs one row of due work, if it is still due and free."""
    runner.run_row(UUID(work_id))


@shared_task(name="due.tick", ignore_result=True, expires=30)
def tick() -> None:
    """Every few seconds: finds what was lost or is newly due, and wakes workers of every crew for it."""
    runner.sweep_all()
    for crew in Crew:
        if waiting(crew) < ENOUGH:
            for work_id in runner.to_wake(crew):
                wake(work_id, crew)

"""Runs due work: one row by its id (in a worker), or all that is due until it is quiet (in tests and commands)."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.utils import timezone

from core.due import lease
from core.due.crews import Crew
from core.due.kinds import KINDS, SWEEPS
from core.due.models import DueWork
from core.due.queue import claim, claimable, fail, finish

log = structlog.get_logger(__name__)
#: A message that has not led to anything for so long counts as lost.
REWAKE = timedelta(seconds=10)
_last_swept: dict[str, datetime] = {}


def run_row(work_id: UUID) -> bool:
    """Claims and does one row's work; returns whether it was done without an error."""
    row = claim(work_id)
    if row is None:
        return False
    try:
        with lease.kept(row):
            again_at = KINDS[row.kind].handler(row.subject_id)
    except Exception as error:
        # The message may hold a personal value: only its class and place are logged.
        log.warning(
            "due work failed",
            kind=row.kind,
            subject=str(row.subject_id),
            error=type(error).__name__,
            at=_place(error),
            attempts=row.attempts,
        )
        fail(row, error)
        return False
    finish(row, again_at)
    return True


def _place(error: Exception) -> str:
    """File and line at which an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def to_wake(crew: Crew, limit: int = 100) -> list[UUID]:
    """Rows of a crew's work that are due and that no message has been sent for lately; marks them as woken.

    At most `limit` rows have a message under way at once, so that messages do not pile up behind slow work.
    """
    now = timezone.now()
    told = claimable(now, crew).filter(woken_at__gt=now - REWAKE).count()
    untold = claimable(now, crew).exclude(woken_at__gt=now - REWAKE).values_list("pk", flat=True)
    found = list(untold[: max(0, limit - told)])
    DueWork.objects.filter(pk__in=found).update(woken_at=now)
    return found


def sweep_all(*, force: bool = False) -> None:
    """Runs each registered sweep whose interval has passed in this process; one that fails does not stop the others."""
    for name, periodic in SWEEPS.items():
        now = timezone.now()
        if not force and name in _last_swept and now - _last_swept[name] < periodic.every:
            continue
        _last_swept[name] = now
        try:
            periodic.sweep()
        except Exception as error:
            log.warning("sweep failed", sweep=name, error=type(error).__name__)


def drain(*, most: int = 10_000, sweep: bool = True) -> int:
    """Does everything that is due, in this process, until nothing is; returns how many rows were run.

    The sweeps run when no row is left, and may find more; without `sweep` they do not run.
    """
    done = 0
    while done < most:
        rows = _due_now()
        if not rows and sweep:
            sweep_all(force=True)
            rows = _due_now()
        if not rows:
            return done
        for pk in rows:
            run_row(pk)
            done += 1
    raise RuntimeError(f"due work did not come to rest within {most} steps")


def _due_now() -> list[UUID]:
    return list(claimable(timezone.now()).values_list("pk", flat=True))

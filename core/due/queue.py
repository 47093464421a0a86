"""Asks for work, claims it by compare-and-set, finishes it: how no kill loses or doubles anything."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.due import lease
from core.due.crews import CREWS, Crew, queue_of
from core.due.kinds import Kind, names_of
from core.due.models import DueWork
from core.ids import new_id

BACKOFF_FIRST, BACKOFF_MOST = timedelta(seconds=2), timedelta(minutes=10)
#: Work during which this many workers died is put off like work that fails: it may be what kills them.
DEATHS = 3
#: Seconds for which a broker that failed is left alone: each try can take seconds, and the sweep tells anyway.
LEFT_ALONE = 10.0
_broker = {"away_until": 0.0}
log = structlog.get_logger(__name__)


def ask(kind: Kind, subject_id: UUID, *, at: datetime | None = None) -> None:
    """Makes `kind` due for `subject_id` in the caller's transaction, and wakes a worker after commit.

    Asking for a later time never puts off what is due sooner.
    """
    when = at or timezone.now()
    key = {"kind": kind.name, "subject_id": subject_id, "done": False}
    again = {"asked": F("asked") + 1, "due_at": Least(F("due_at"), when), "woken_at": None}
    with transaction.atomic():
        row, created = DueWork.objects.get_or_create(**key, defaults={"due_at": when})
        # A row that was finished between the two statements is asked for anew.
        while not created and not DueWork.objects.filter(pk=row.pk, done=False).update(**again):
            row, created = DueWork.objects.get_or_create(**key, defaults={"due_at": when})
        if when <= timezone.now():
            transaction.on_commit(lambda: wake(row.pk, kind.crew), robust=True)


def ask_missing(kind: Kind, subject_ids: Iterable[UUID]) -> int:
    """For sweeps: asks for those subjects that have no open row; rows that wait for their time stay as they are."""
    wanted = set(subject_ids)
    open_rows = DueWork.objects.filter(kind=kind.name, done=False, subject_id__in=wanted)
    missing = wanted.difference(open_rows.values_list("subject_id", flat=True))
    for subject_id in missing:
        ask(kind, subject_id)
    return len(missing)


def wake(work_id: UUID, crew: Crew) -> None:
    """Tells a worker of the crew; a message that is lost, or a broker that is away, costs a sweep's interval."""
    if not settings.WAKE_WORKERS or time.monotonic() < _broker["away_until"]:
        return
    try:
        current_app.send_task("due.run", args=[str(work_id)], queue=queue_of(crew).name)
    except (OperationalError, OSError) as error:
        _note_away(error)


def waiting(crew: Crew) -> int:
    """How many messages wait for the crew; none where the broker is away, for then nothing can be sent either."""
    if not settings.WAKE_WORKERS or time.monotonic() < _broker["away_until"]:
        return 0
    try:
        with current_app.connection_or_acquire() as connection:
            try:
                bound: Any = queue_of(crew)(connection.default_channel)  # kombu does not say what it is answered
                return int(bound.queue_declare().message_count)
            except connection.connection_errors as error:  # the broker's own, which kombu does not translate here
                _note_away(error)
    except (OperationalError, OSError) as error:
        _note_away(error)
    return 0


def _note_away(error: Exception) -> None:
    _broker["away_until"] = time.monotonic() + LEFT_ALONE
    log.warning("broker away", error=type(error).__name__)


def claimable(now: datetime, *crews: Crew) -> QuerySet[DueWork]:
    """Open rows that are due and that nobody holds, of these crews' work; without any, of this process's own crews."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    kinds = names_of(*(crews or CREWS[settings.ROLE]))
    return DueWork.objects.filter(free, done=False, due_at__lte=now, kind__in=kinds)


def claim(work_id: UUID) -> DueWork | None:
    """Leases the row, or returns None when someone else has it, it is another crew's, not due, or kills its workers."""
    now = timezone.now()
    row = claimable(now).filter(pk=work_id).first()
    if row is None:
        return None
    if row.lease is not None and row.attempts >= DEATHS:
        put_off(row, "WorkerDied")
        return None
    token = new_id()
    free = claimable(now).filter(pk=row.pk, lease=row.lease)
    # Its message has done its part: should this worker die, the sweep sends another as soon as the lease ends.
    held = {"lease": token, "lease_until": now + lease.length(), "woken_at": None}
    if not free.update(**held, attempts=F("attempts") + 1):
        return None
    return DueWork.objects.filter(pk=row.pk, lease=token).first()


def finish(row: DueWork, again_at: datetime | None) -> None:
    """Closes the row, or leaves it due at `again_at`, or at once if it was asked for meanwhile. Only its holder can."""
    held = DueWork.objects.filter(pk=row.pk, lease=row.lease)
    free = {"lease": None, "lease_until": None, "last_error": "", "woken_at": None}
    unasked = held.filter(asked=row.asked)
    if again_at is None:
        settled = unasked.update(**free, done=True, done_at=timezone.now())
    else:
        settled = unasked.update(**free, attempts=0, due_at=again_at)
    if not settled:
        held.update(**free, attempts=0, due_at=timezone.now())


def fail(row: DueWork, error: BaseException) -> None:
    """Leaves the row due after a pause that doubles with each attempt; only the error's class is kept."""
    put_off(row, type(error).__name__)


def put_off(row: DueWork, reason: str) -> None:
    """Frees the row and makes it due after a pause that doubles with each attempt."""
    pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(row.attempts, 12))
    DueWork.objects.filter(pk=row.pk, lease=row.lease).update(
        lease=None, lease_until=None, woken_at=None, last_error=reason[:200], due_at=timezone.now() + pause
    )

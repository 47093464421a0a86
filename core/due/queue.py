"""Asks for work, claims it by compare-and-set, finishes it: how no kill loses or doubles anything."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.due.kinds import KINDS, Kind
from core.due.models import DueWork
from core.ids import new_id

BACKOFF_FIRST, BACKOFF_MOST = timedelta(seconds=2), timedelta(minutes=10)


def ask(kind: Kind, subject_id: UUID, *, at: datetime | None = None) -> None:
    """Makes `kind` due for `subject_id` in the caller's transaction, and wakes a worker after commit."""
    when = at or timezone.now()
    with transaction.atomic():
        _, created = DueWork.objects.get_or_create(
            kind=kind.name, subject_id=subject_id, done=False, defaults={"due_at": when}
        )
        if not created:
            open_row = DueWork.objects.filter(kind=kind.name, subject_id=subject_id, done=False)
            # A row that was finished between the two statements is asked for anew.
            if not open_row.update(asked=F("asked") + 1, due_at=when, woken_at=None):
                DueWork.objects.create(kind=kind.name, subject_id=subject_id, due_at=when)
        if when <= timezone.now():
            transaction.on_commit(lambda: wake(kind.name, subject_id), robust=True)


def ask_missing(kind: Kind, subject_ids: Iterable[UUID]) -> int:
    """For sweeps: asks for those subjects that have no open row; rows that wait for their time stay as they are."""
    wanted = set(subject_ids)
    open_rows = DueWork.objects.filter(kind=kind.name, done=False, subject_id__in=wanted)
    missing = wanted.difference(open_rows.values_list("subject_id", flat=True))
    for subject_id in missing:
        ask(kind, subject_id)
    return len(missing)


def wake(kind_name: str, subject_id: UUID) -> None:
    """Tells a worker; a message that is lost, or a broker that is away, costs a sweep's interval."""
    row = DueWork.objects.filter(kind=kind_name, subject_id=subject_id, done=False).first()
    if row is not None and settings.WAKE_WORKERS:
        current_app.send_task("due.run", args=[str(row.pk)])


def claimable(now: datetime) -> QuerySet[DueWork]:
    """Open rows that are due and that nobody holds."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return DueWork.objects.filter(free, done=False, due_at__lte=now, kind__in=list(KINDS))


def claim(work_id: UUID) -> DueWork | None:
    """Takes the row for its kind's lease, or returns None when someone else has it or it is not due."""
    now = timezone.now()
    row = claimable(now).filter(pk=work_id).first()
    if row is None:
        return None
    lease, until = new_id(), now + KINDS[row.kind].lease
    taken = (
        claimable(now)
        .filter(pk=row.pk, lease=row.lease)
        .update(lease=lease, lease_until=until, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    return DueWork.objects.get(pk=row.pk)


def finish(row: DueWork, again_at: datetime | None) -> None:
    """Closes the row, or leaves it due at `again_at`, or at once if it was asked for meanwhile. Only its holder can."""
    held = DueWork.objects.filter(pk=row.pk, lease=row.lease)
    free = {"lease": None, "lease_until": None, "last_error": "", "woken_at": None}
    if again_at is not None:
        held.update(**free, attempts=0, due_at=again_at)
    elif not held.filter(asked=row.asked).update(**free, done=True, done_at=timezone.now()):
        held.update(**free, attempts=0, due_at=timezone.now())


def fail(row: DueWork, error: BaseException) -> None:
    """Leaves the row due after a pause that doubles with each attempt; only the error's class is kept."""
    pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(row.attempts, 12))
    DueWork.objects.filter(pk=row.pk, lease=row.lease).update(
        lease=None,
        lease_until=None,
        woken_at=None,
        last_error=type(error).__name__[:200],
        due_at=timezone.now() + pause,
    )

"""Keeps a row's lease while its handler runs, so that a lease can be short and a dead worker is soon replaced."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from core.due.kinds import KINDS
from core.due.models import DueWork

log = structlog.get_logger(__name__)


def length() -> timedelta:
    """How long a worker that has fallen silent keeps a row."""
    return timedelta(seconds=settings.LEASE_SECONDS)


@contextmanager
def kept(row: DueWork) -> Iterator[None]:
    """Renews the row's lease until the block ends, from a thread with a database connection of its own.

    Inside a transaction nobody else can see the row, so nothing is renewed.
    """
    if connection.in_atomic_block:
        yield
        return
    ended = Event()
    thread = Thread(target=_renew, args=(row, ended), name=f"lease of {row.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew(row: DueWork, ended: Event) -> None:
    """Renews four times a lease, until told to end, until the row is lost, or until the kind's longest time is up."""
    stop = time.monotonic() + KINDS[row.kind].longest.total_seconds()
    try:
        while not ended.wait(settings.LEASE_SECONDS / 4) and time.monotonic() < stop:
            if not _renewed(row):
                return
    finally:
        connection.close()


def _renewed(row: DueWork) -> bool:
    """Whether this worker still holds the row; a database that does not answer is asked again later."""
    held = DueWork.objects.filter(pk=row.pk, lease=row.lease)
    try:
        return bool(held.update(lease_until=timezone.now() + length()))
    except DatabaseError as error:
        log.warning("lease not renewed", kind=row.kind, error=type(error).__name__)
        connection.close()
        return True

"""What only PostgreSQL does: transactions that write side by side. Collected where the settings name one."""

import threading

import pytest
from django.db import connection, transaction

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit.models import Event
from core.audit.record import record
from core.audit.work import first_break, seal

BY = SystemActor("test")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_event_whose_act_commits_late_is_sealed_later_and_the_chain_holds(programme: Programme) -> None:
    written, may_commit = threading.Event(), threading.Event()
    late: list[Event] = []

    def slow() -> None:
        with transaction.atomic():
            late.append(record("test.slow", programme, by=BY))
            written.set()
            may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(30)
    quick = record("test.quick", programme, by=BY)
    assert late[0].pk < quick.pk
    while seal():
        pass
    quick.refresh_from_db()
    may_commit.set()
    thread.join()
    assert seal() == 1
    late[0].refresh_from_db()
    assert quick.sequence is not None
    assert late[0].sequence == quick.sequence + 1
    assert first_break() is None

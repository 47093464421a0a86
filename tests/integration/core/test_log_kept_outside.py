"""The head signed last lies outside the database too: whoever empties or replaces the log's tables is stopped."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from core.accounts.models import Programme
from core.actors import SystemActor
from core.audit import checks, outside
from core.audit.models import Event, LogAlarm, SignedHead
from core.audit.record import record
from core.audit.tree import LogTorn
from core.audit.work import seal, seal_all
from core.errors import Unavailable
from tests.ground.guards import unguarded

pytestmark = pytest.mark.django_db
TABLES = ("signedhead", "logkey", "tile", "chainhead")
Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of each test's own, and the file alone."""
    monkeypatch.setattr(outside, "PLACES", [outside.FILE])
    with override_settings(VAR=tmp_path):
        yield


@pytest.fixture
def grow(programme: Programme, django_capture_on_commit_callbacks: Committed) -> Callable[[int], None]:
    def more(number: int = 3) -> None:
        for place in range(number):
            record("test.done", programme, by=SystemActor("test"), data={"place": place})
        with django_capture_on_commit_callbacks(execute=True):
            while seal():
                pass

    return more


def sql(*statements: str) -> None:
    with unguarded(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def is_open() -> bool:
    return LogAlarm.objects.filter(code="outside", cleared_at=None).exists()


def stops(programme: Programme) -> None:
    """The sealer signs nothing, and stewards read why."""
    record("test.later", programme, by=SystemActor("test"))
    before = SignedHead.objects.count()
    with pytest.raises(outside.OtherLog), transaction.atomic():
        seal()
    LogAlarm.objects.all().delete()
    checks.look()
    assert is_open()
    assert SignedHead.objects.count() == before


def test_each_head_is_kept_and_goes_on(grow: Callable[..., None]) -> None:
    grow()
    first = outside.FILE.read()
    grow()
    newest = SignedHead.objects.first()
    assert newest is not None
    assert first != outside.FILE.read() == newest.note
    checks.look()
    assert not is_open()


def test_emptied_tables_do_not_begin_anew(programme: Programme, grow: Callable[..., None]) -> None:
    grow()
    sql(*(f"DELETE FROM audit_{name}" for name in TABLES))
    sql("UPDATE audit_event SET sequence = NULL, leaf = NULL, digest = ''")
    stops(programme)


def test_an_emptied_log_is_seen_with_nothing_to_seal(grow: Callable[..., None]) -> None:
    grow()
    sql(*(f"DELETE FROM audit_{name}" for name in (*TABLES, "event")))
    checks.look()
    assert is_open()


def test_a_log_made_anew_with_another_key_is_not_gone_on_with(programme: Programme, grow: Callable[..., None]) -> None:
    grow()
    kept = outside.FILE.read()
    sql(*(f"DELETE FROM audit_{name}" for name in TABLES))
    sql("UPDATE audit_event SET sequence = NULL, leaf = NULL, digest = '', actor = 'user:forged'")
    outside.FILE.path.unlink()
    with override_settings(LOG_KEY="ab" * 32):
        grow()
    outside.FILE.write(kept)
    stops(programme)


def test_what_another_key_adds_is_not_gone_on_with(programme: Programme, grow: Callable[..., None]) -> None:
    grow()
    kept = outside.FILE.read()
    with override_settings(LOG_KEY="ab" * 32):
        grow()
    outside.FILE.write(kept)
    stops(programme)


def test_a_new_key_goes_on_from_the_old_ones_head(grow: Callable[..., None]) -> None:
    grow()
    with override_settings(LOG_KEY="cd" * 32):
        grow()
        checks.look()
        assert not is_open()
        assert SignedHead.objects.count() == 2


def test_an_older_backup_is_not_gone_on_with_until_somebody_says_why(
    programme: Programme, grow: Callable[..., None], django_capture_on_commit_callbacks: Committed
) -> None:
    grow(3)
    size, digest = len(Event.objects.all()), Event.objects.order_by("-sequence")[0].digest
    grow(4)
    sql(
        f"DELETE FROM audit_event WHERE sequence > {size}",
        f"DELETE FROM audit_signedhead WHERE size > {size}",
        f"UPDATE audit_chainhead SET sequence = {size}, digest = '{digest}' WHERE name = 'events'",
    )
    stops(programme)
    out = StringIO()
    call_command("resume_log", stdout=out)
    assert "Lost: 4 entries" in out.getvalue()
    stops(programme)
    with pytest.raises(CommandError, match="one word"):
        call_command("resume_log", reason="because of Mr Smith", stdout=out)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("resume_log", reason="backup-of-tuesday", stdout=out)
    grow(1)
    event = Event.objects.get(verb="log.resumed")
    assert (event.actor, event.sequence is not None) == ("system:operator", True)
    assert '"lost":4' in event.data
    assert '"reason":"backup-of-tuesday"' in event.data
    checks.look()
    assert not is_open()
    with pytest.raises(CommandError, match="nothing to resume"):
        call_command("resume_log", reason="again")


def test_a_text_that_is_no_head_stops_the_sealer_too(programme: Programme, grow: Callable[..., None]) -> None:
    grow()
    outside.FILE.write("nonsense")
    stops(programme)


def test_after_a_text_that_is_no_head_somebody_says_to_go_on(
    grow: Callable[..., None], django_capture_on_commit_callbacks: Committed
) -> None:
    grow()
    outside.FILE.path.write_bytes(b"\xff\xfe nonsense")
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("resume_log", reason="torn-file", stdout=out)
    assert "cannot be read" in out.getvalue()
    assert outside.FILE.read() == SignedHead.objects.latest("size").note
    grow(1)
    event = Event.objects.get(verb="log.resumed")
    assert '"kept_root":""' in event.data
    checks.look()
    assert not is_open()


def test_where_no_place_can_be_read_the_sealer_waits_and_stewards_know(
    programme: Programme, grow: Callable[..., None]
) -> None:
    """As where a file stands in the folder's way; the alarm ends by itself once it can be read."""
    grow()
    folder = outside.FILE.path.parent
    aside = folder.rename(folder.with_name("aside"))
    folder.write_text("in the way")
    record("test.later", programme, by=SystemActor("test"))
    before = SignedHead.objects.count()
    with pytest.raises(Unavailable), transaction.atomic():
        seal()
    checks.look()
    assert LogAlarm.objects.filter(code="away", cleared_at=None).exists()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", stdout=StringIO())
    assert SignedHead.objects.count() == before
    folder.unlink()
    aside.rename(folder)
    checks.look()
    assert not LogAlarm.objects.filter(cleared_at=None).exists()
    grow(1)
    assert SignedHead.objects.count() == before + 1


def test_a_lost_file_is_made_anew(grow: Callable[..., None]) -> None:
    """A new machine holds none: what the database's signed head says is then all that there is."""
    grow()
    outside.FILE.path.unlink()
    grow()
    assert outside.FILE.read()


def test_a_file_behind_the_database_is_another_machines_and_never_goes_back(grow: Callable[..., None]) -> None:
    grow()
    earlier = outside.FILE.read()
    grow()
    later = outside.FILE.read()
    outside.keep(earlier)
    assert outside.FILE.read() == later
    outside.FILE.write(earlier)
    checks.look()
    assert not is_open()
    grow()
    assert outside.FILE.read() not in {earlier, later}


def test_the_sweep_raises_the_alarm(programme: Programme, grow: Callable[..., None]) -> None:
    grow()
    sql(*(f"DELETE FROM audit_{name}" for name in TABLES), "UPDATE audit_event SET sequence = NULL, leaf = NULL")
    with pytest.raises(LogTorn):
        seal_all()
    assert is_open()

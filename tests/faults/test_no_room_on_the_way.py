"""The disk is full where bodies and forms wait before anything looks at them, or beneath the database: said as such."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from core.accounts.models import Programme
from core.full import is_full
from registry.models import Donation
from tests.factories import consent
from tests.factories import registry as make
from tests.faults.portal import Donor
from tests.faults.program import Program, check_try_later
from tests.faults.served import Served, served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]
#: More than Django keeps of a body, and of a form's file, in memory.
LARGE = 3 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for a megabyte; needs root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path], check=True)
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


@pytest.fixture
def server(small: Path, transactional_db: None) -> Iterator[Served]:
    """The application, limits and all; it ends before the small disk goes."""
    from config.asgi import application

    with served(application) as running:
        yield running


@pytest.fixture
def donation(programme: Programme) -> Donation:
    """A donation that has just begun."""
    return make.donation(consent.donor(programme), 0, submitted=False)


def test_a_part_that_finds_no_room_to_wait_is_sent_later(
    server: Served, donation: Donation, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, data = Program.of(donation, server.port), bytes(LARGE + 1)
    (file,) = program.promise([data])
    with monkeypatch.context() as now:
        now.setattr(tempfile, "tempdir", str(small))
        check_try_later(program.part(file["upload"], data, 0, LARGE))
    assert program.offset(file["upload"]) == 0
    assert program.part(file["upload"], data, 0, LARGE).status == 204


def test_a_form_that_finds_no_room_to_wait_is_answered_with_a_sentence(
    server: Served, donation: Donation, small: Path, settings: Any
) -> None:
    # A disk is full, too, where it has room and no place for one more file.
    subprocess.run(["mount", "-o", "remount,nr_inodes=1", small], check=True)
    settings.FILE_UPLOAD_TEMP_DIR = str(small)
    browser, data = Donor.signed_in(server.port, make.user_of(donation.donor)), bytes(LARGE)
    answer = browser.upload(donation.pk, data, accept="text/html")
    page = answer.read().decode()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert "There is no room left on our side at this moment." in page
    assert "do the same once more" in page
    assert "Nothing was changed" not in page


def test_a_full_database_is_known_as_such(db: None) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(OperationalError) as raised:
            fill(cursor)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert is_full(raised.value)
    assert not is_full(OperationalError("the server closed the connection"))
    assert not is_full(OSError("no number"))


def fill(cursor: Any) -> None:
    """More than the database may hold; on PostgreSQL its own error, as nobody fills that disk for a test."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA max_page_count = 1")
        cursor.execute("CREATE TABLE filler AS SELECT zeroblob(10000000)")
    cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")

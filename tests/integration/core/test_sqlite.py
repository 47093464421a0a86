"""The embedded database is set so that writers wait for each other. Collected where the settings name no other."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_writers_wait_and_readers_do_not() -> None:
    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "busy_timeout")]
    assert found == ["wal", 30_000]
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"

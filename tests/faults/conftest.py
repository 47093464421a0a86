"""One process tree for all these tests: starting one takes longer than most of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from tests.faults.tree import Tree, tree
from tests.ground.emptying import empty

#: What one sort of store alone does is tested where the environment names it; the gate runs once with each.
collect_ignore = ["test_store_away.py" if settings.OBJECT_STORE["kind"] == "folder" else "test_disk_full.py"]


@pytest.fixture(scope="package", autouse=True)
def flushed_in_the_end(django_db_setup: None) -> Iterator[None]:
    """A tree goes on reading while a test's rows are flushed: PostgreSQL then ends one of the two."""
    flush = connection.ops.execute_sql_flush

    def again(statements: list[str]) -> None:
        for _ in range(9):
            try:
                return flush(statements)
            except OperationalError:
                continue
        return flush(statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", again)
        yield


@pytest.fixture(scope="package")
def running(
    flushed_in_the_end: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tree]:
    """A process tree on the test database. A test that uses it leaves it complete."""
    with tree(tmp_path_factory.mktemp("tree")) as each:
        yield each
    # Until it was ended it went on writing, also after the last test's rows were flushed away.
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
    empty()


@pytest.fixture(autouse=True)
def nothing_stored(empty_store: None) -> None:
    """What earlier tests stored goes with their rows: these tests compare the two."""

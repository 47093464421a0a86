"""One process tree for all these tests: starting one takes longer than most of them."""

from collections.abc import Iterator

import pytest

from tests.faults.tree import Tree, tree


@pytest.fixture(scope="package")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A process tree on the test database. A test that uses it leaves it complete."""
    with tree(tmp_path_factory.mktemp("tree")) as each:
        yield each


@pytest.fixture(autouse=True)
def nothing_stored(empty_store: None) -> None:
    """What earlier tests stored goes with their rows: these tests compare the two."""

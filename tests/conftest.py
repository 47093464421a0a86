"""What every test may ask for: programmes, the object store, and a way to let due work run."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from core.accounts.models import Programme
from core.due.run import drain as run_due_work
from core.storage.store import store
from tests.factories import core as make
from tests.ground.emptying import empty
from tests.ground.guards import let_flush

#: Bytes of so many or fewer are shown in the name of a test.
LONGEST_SHOWN = 40


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes is begun first: begun last, one worker would be at it while the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files as parameters are numbered and not written out: one made anew has other bytes in each worker."""
    return argname if isinstance(val, bytes) and len(val) > LONGEST_SHOWN else None


@pytest.fixture(scope="session", autouse=True)
def object_store() -> Iterator[None]:
    """The store that the settings chose, made ready once and emptied at the end."""
    store().probe()
    yield
    empty()
    shutil.rmtree(settings.VAR, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def flushable(django_db_setup: None) -> None:
    """Tables that only grow can be emptied after a test, and by tests alone."""
    let_flush()


@pytest.fixture
def empty_store() -> None:
    """No object of an earlier test lies in the store: their rows were rolled back, their bytes were not."""
    empty()


@pytest.fixture
def programme(db: None) -> Programme:
    """A programme."""
    return make.programme("lungs")


@pytest.fixture
def other_programme(db: None) -> Programme:
    """A second one, whose people must see nothing of the first."""
    return make.programme("hearts")


@pytest.fixture
def drain() -> Callable[[], int]:
    """Runs everything that is due until it is quiet, as workers would."""
    return run_due_work

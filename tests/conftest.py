"""What every test may ask for: programmes, the object store, and a way to let due work run."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from core.accounts.models import Programme
from core.due.run import drain as run_due_work
from core.storage.store import store
from core.storage.zones import Zone
from tests.factories import core as make


@pytest.fixture(scope="session", autouse=True)
def object_store() -> Iterator[None]:
    """The store that the settings chose, made ready once and emptied at the end."""
    store().probe()
    yield
    for zone in Zone:
        for key in list(store().keys(zone)):
            store().delete(zone, key)
    shutil.rmtree(settings.VAR, ignore_errors=True)


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

"""What every test may ask for: programmes, the object store, and a way to let due work run."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from core.accounts.models import Programme
from core.due.run import drain as run_due_work
from core.storage.s3 import S3Store
from core.storage.store import store
from core.storage.zones import Zone
from tests.factories import core as make


@pytest.fixture(scope="session", autouse=True)
def object_store() -> Iterator[None]:
    """The store that the settings chose, made ready once and emptied at the end."""
    store().probe()
    yield
    chosen = store()
    if isinstance(chosen, S3Store):
        _empty(chosen)
    shutil.rmtree(settings.VAR, ignore_errors=True)


def _empty(chosen: S3Store) -> None:
    """Removes this process's buckets with what is in them, a thousand objects a call."""
    for zone in Zone:
        bucket, keys = chosen.bucket(zone), [{"Key": key} for key in chosen.keys(zone)]
        for start in range(0, len(keys), 1000):
            chosen.client.delete_objects(Bucket=bucket, Delete={"Objects": keys[start : start + 1000]})


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

"""A small registry of its own for a benchmark: a fresh database, a store, and the story's people."""

import atexit
import io
import os
from typing import Any

import django


def fresh() -> None:
    """Sets Django up on the settings of the environment (make bench names the tests') and makes every table.

    On PostgreSQL it makes a database beside the one that the environment names, and drops it at the end.
    """
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from core.storage.s3 import S3Store
    from core.storage.store import store

    if connection.vendor == "postgresql":
        named = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        atexit.register(connection.creation.destroy_test_db, named, verbosity=0)
    else:
        call_command("migrate", verbosity=0)
    store().probe()
    if isinstance(store(), S3Store):
        atexit.register(_remove_buckets)


def backends() -> str:
    """The database and the store in use, in words."""
    from django.conf import settings
    from django.db import connection

    database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    return f"{database} and {'a folder' if settings.OBJECT_STORE['kind'] == 'folder' else 'S3'}"


def _remove_buckets() -> None:
    """Removes what the benchmark stored on a server, with its buckets."""
    from core.storage.store import store
    from core.storage.zones import Zone

    chosen: Any = store()
    for zone in Zone:
        keys = list(chosen.keys(zone))
        for start in range(0, len(keys), 1000):
            objects = [{"Key": key} for key in keys[start : start + 1000]]
            chosen.client.delete_objects(Bucket=chosen.bucket(zone), Delete={"Objects": objects})
        chosen.client.delete_bucket(Bucket=chosen.bucket(zone))


def with_donors(count: int) -> Any:
    """The story's Stage after its first chapter: staff, a published form, and donors who have signed it."""
    from portal.story.cast import gather
    from portal.story.chapters import consenting
    from portal.story.stage import Stage
    from portal.story.telling import Teller

    stage = Stage(Teller(out=io.StringIO()), gather(), "http://127.0.0.1", count)
    consenting.tell(stage)
    return stage

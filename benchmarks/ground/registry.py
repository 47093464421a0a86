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

    from core.storage.store import store

    if connection.vendor == "postgresql":
        named = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        atexit.register(connection.creation.destroy_test_db, named, verbosity=0)
    else:
        call_command("migrate", verbosity=0)
    store().probe()


def with_donors(count: int) -> Any:
    """The story's Stage after its first chapter: staff, a published form, and donors who have signed it."""
    from portal.story.cast import gather
    from portal.story.chapters import consenting
    from portal.story.stage import Stage
    from portal.story.telling import Teller

    stage = Stage(Teller(out=io.StringIO()), gather(), "http://127.0.0.1", count)
    consenting.tell(stage)
    return stage

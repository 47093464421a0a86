"""A small registry of its own for a benchmark: a fresh embedded database and folder store, and the story's people."""

import io
from typing import Any

import django


def fresh() -> None:
    """Sets Django up on the settings of the environment (make bench names the tests') and makes every table."""
    django.setup()
    from django.core.management import call_command

    from core.storage.store import store

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

"""The registry in the parts in which it runs: pages as the web process, each piece of due work by its own crew."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from core.due.run import drain as drain_here
from core.storage.roles import Role
from core.storage.store import forget

WORKERS = (Role.CLEANER, Role.RUNNER)


@contextmanager
def being(role: Role) -> Iterator[None]:
    """Inside, this process is of that role: to the store, and to due work."""
    before, settings.ROLE = settings.ROLE, role.value
    forget()
    try:
        yield
    finally:
        settings.ROLE = before
        forget()


def drain() -> int:
    """Does everything that is due, until neither a cleaner nor a runner finds more; returns how many rows were run."""
    done, more = 0, 1
    while more:
        more = 0
        for role in WORKERS:
            with being(role):
                more += drain_here()
        done += more
    return done

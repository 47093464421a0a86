"""The registry in the parts in which it runs: pages as the web process, each piece of due work by its own crew.

Each with its role's place in the table, and with its role's keys.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from core.due.run import drain as drain_here
from core.storage.rings import ring_of
from core.storage.roles import Role
from core.storage.store import forget

WORKERS = (Role.CLEANER, Role.RUNNER)
#: The whole store key, of which each part is given what it needs.
WHOLE: str = settings.STORE_KEY


@contextmanager
def being(role: Role) -> Iterator[None]:
    """Inside, this process is of that role: to the store, to due work, and by the keys that it holds."""
    before = settings.ROLE, settings.STORE_KEY
    settings.ROLE, settings.STORE_KEY = role.value, ring_of(bytes.fromhex(WHOLE), role, lends=True).written()
    forget()
    try:
        yield
    finally:
        settings.ROLE, settings.STORE_KEY = before
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

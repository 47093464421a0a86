"""The threads of one cleaning step: several read and write objects, two wait for children; none asks the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from curation.work.child import CHILDREN

#: A store answers after milliseconds of waiting (a flush to disk, a request): so many waits may run side by side.
AT_THE_STORE = 8


@dataclass(frozen=True)
class Threads:
    """`store` reads and writes objects; `examining` has a thread for each child, and waits for what it answers."""

    store: ThreadPoolExecutor
    examining: ThreadPoolExecutor


@contextmanager
def threads() -> Iterator[Threads]:
    """Threads for the block; what they have not begun when it ends is dropped."""
    found = Threads(ThreadPoolExecutor(AT_THE_STORE, "store"), ThreadPoolExecutor(CHILDREN, "examining"))
    try:
        yield found
    finally:
        for each in (found.store, found.examining):
            each.shutdown(cancel_futures=True)

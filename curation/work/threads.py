"""The threads of one cleaning step: several read and write objects, two wait for pictures; none asks the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from curation.work.render.client import CHILDREN

#: A store answers after milliseconds of waiting (a flush to disk, a request): so many waits may run side by side.
AT_THE_STORE = 8


@dataclass(frozen=True)
class Threads:
    """`store` reads and writes objects; `drawing` has a thread for each drawing child, and asks it for pictures."""

    store: ThreadPoolExecutor
    drawing: ThreadPoolExecutor


@contextmanager
def threads() -> Iterator[Threads]:
    """Threads for the block; what they have not begun when it ends is dropped."""
    found = Threads(ThreadPoolExecutor(AT_THE_STORE, "store"), ThreadPoolExecutor(CHILDREN, "drawing"))
    try:
        yield found
    finally:
        for each in (found.store, found.drawing):
            each.shutdown(cancel_futures=True)

"""How the story is told: a line for each thing as it happens, and an end as soon as something does not hold."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class StoryBroken(Exception):
    """A step of the story did not hold; the sentence says which."""


class Teller:
    """Prints the story with the seconds that have passed, and waits for what workers do."""

    def __init__(self, *, out: TextIO = sys.stdout, rest: Callable[[], object] | None = None) -> None:
        self.out, self.began = out, time.monotonic()
        #: What is done while waiting: sleeping where workers run by themselves, running due work in tests.
        self.rest = rest or (lambda: time.sleep(0.25))

    def say(self, sentence: str) -> None:
        """Prints one line, at once."""
        self.out.write(f"{time.monotonic() - self.began:6.1f} s  {sentence}\n")
        self.out.flush()

    @contextmanager
    def chapter(self, title: str) -> Iterator[None]:
        """A heading; what is told inside belongs to it."""
        self.out.write(f"\n{title}\n{'-' * len(title)}\n")
        self.out.flush()
        yield

    def hold(self, condition: object, sentence: str) -> None:
        """Says the sentence when it is true; raises StoryBroken when it is not."""
        if not condition:
            raise StoryBroken(f"This did not hold: {sentence}")
        self.say(f"ok: {sentence}")

    def wait(self, until: Callable[[], object], what: str, *, seconds: float = 600) -> None:
        """Waits until something is so; raises StoryBroken when it takes too long."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise StoryBroken(f"Waited {seconds:.0f} seconds for this, and it did not happen: {what}")
            self.rest()

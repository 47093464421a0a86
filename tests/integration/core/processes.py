"""Runs a function in several processes at once, on the database of the test: what threads cannot show, these do."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

FORK = multiprocessing.get_context("fork")


def together(work: Callable[[int], Any], count: int) -> list[Any]:
    """Calls `work(0)`, `work(1)` … at the same moment, each in a process of its own; returns what they return.

    Raises RuntimeError when one of them fails.
    """
    connections.close_all()  # a connection must not be shared with the processes that follow
    answers, start = FORK.SimpleQueue(), FORK.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            answers.put((number, work(number), ""))
        except Exception as error:
            answers.put((number, None, f"{type(error).__name__}: {error}"))
        finally:
            connections.close_all()

    processes = [FORK.Process(target=run, args=(number,)) for number in range(count)]
    for process in processes:
        process.start()
    found = sorted((answers.get() for _ in processes), key=lambda answer: int(answer[0]))
    for process in processes:
        process.join()
    if failed := [error for _, _, error in found if error]:
        raise RuntimeError(failed)
    return [answer for _, answer, _ in found]


class Apart:
    """One call in a process of its own, which can be stopped or killed at any moment."""

    def __init__(self, work: Callable[[], Any]) -> None:
        connections.close_all()
        self.process = FORK.Process(target=work, daemon=True)
        self.process.start()

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        os.kill(self.process.pid or 0, number)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.signal(signal.SIGKILL)
        self.process.join()

    def wait(self) -> None:
        """Waits until it has ended."""
        self.process.join(60)
        assert self.process.exitcode == 0


def until(holds: Callable[[], Any], seconds: float = 30) -> None:
    """Waits until `holds()`; the limit only keeps a failure from lasting for ever."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)

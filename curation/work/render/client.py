"""Asks drawing children for pictures; starts them when they are needed and again when they have died."""

import os
import select
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from queue import LifoQueue
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings

from curation.work.render.hand import HEAD, LENGTH, WALL_SECONDS, widen
from curation.work.render.picture import CannotShow, Picture
from curation.work.render.server import BROKEN, NOBODY

#: How many children draw for one worker process: a picture takes twice as long as the cleaning of its file.
CHILDREN = 2
#: The child may try a file twice.
PATIENCE_SECONDS = 2 * WALL_SECONDS + 15
#: A child that is not at work ends by itself when its input does.
LEAVE_SECONDS = 1


class Drawer:
    """One drawing child; it draws one file after another, for one thread at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def draw(self, data: bytes, whose: UUID | None = None) -> Picture:
        """The picture of a cleaned file; raises CannotShow, also where drawing it kills.

        Files of one donation (`whose`) are drawn by one process for a while, any other file by one of its own.
        """
        answer = self._answer((whose.bytes if whose else NOBODY) + LENGTH.pack(len(data)), data)
        kind, position, _ = HEAD.unpack_from(answer)
        body = answer[HEAD.size :]
        if kind != b"P":
            raise CannotShow(body.decode("ascii"))
        return Picture(body, position)

    def _answer(self, head: bytes, data: bytes) -> bytes:
        # The child outlives what its forks die of. When it is gone itself, something else ended it: once is no fault of
        # the file, twice in a row is taken for one.
        for _ in range(2):
            try:
                return self._ask(head, data)
            except (OSError, EOFError):
                self.stop()
        return BROKEN

    def stop(self) -> None:
        """Ends the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                cast(BinaryIO, pipe).close()
        try:
            child.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _ask(self, head: bytes, data: bytes) -> bytes:
        child = self._started()
        requests, answers = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)
        requests.write(head)
        requests.write(data)
        requests.flush()
        if not select.select([answers], [], [], PATIENCE_SECONDS)[0]:
            raise EOFError
        answer = _exactly(answers.read(HEAD.size), HEAD.size)
        size = HEAD.unpack(answer)[2]
        return answer + _exactly(answers.read(size), size)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(
                [sys.executable, "-B", "-m", "curation.work.render.server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # decoders' complaints may quote values
                cwd=settings.BASE_DIR,
                start_new_session=True,  # a Ctrl-C for the worker lets it finish its file, so it must not end this one
                env={"PYTHONPATH": str(settings.BASE_DIR), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
            for pipe in (self._child.stdin, self._child.stdout):
                widen(cast(BinaryIO, pipe).fileno())
        return self._child


class Drawers:
    """The drawing children of one worker process, for its threads; the second starts once two draw at the same time."""

    def __init__(self) -> None:
        self._all = [Drawer() for _ in range(CHILDREN)]
        self._free: LifoQueue[Drawer] = LifoQueue()
        for each in self._all:
            self._free.put(each)

    def draw(self, data: bytes, whose: UUID | None = None) -> Picture:
        """The picture of a cleaned file, as Drawer.draw; waits until a child is free."""
        each = self._free.get()
        try:
            return each.draw(data, whose)
        finally:
            self._free.put(each)

    def stop(self) -> None:
        """Ends the children; none may be drawing."""
        for each in self._all:
            each.stop()


def drawers() -> Drawers:
    """The drawers of this process; a forked worker has its own, so that two never share one child's pipes."""
    return _drawers_of(os.getpid())


@lru_cache(maxsize=1)
def _drawers_of(pid: int) -> Drawers:
    return Drawers()


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise EOFError
    return data

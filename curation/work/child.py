"""Asks children to examine pictures; starts them when they are needed and again when they have died."""

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

from curation.pixels.child.hand import WALL_SECONDS, widen
from curation.pixels.child.server import BROKEN_ANSWER, NOBODY, WALL_LESS
from curation.pixels.child.wire import HEAD, LENGTH, Garbled, answered, request_of
from curation.pixels.limits import BROKEN, CannotShow
from curation.pixels.task import Examined, Task
from curation.rules.reasons import PICTURE

#: How many children work for one worker process: a picture takes longer than the cleaning of its file.
CHILDREN = 2
#: The child may try a file twice.
PATIENCE_SECONDS = 2 * WALL_SECONDS + 15
#: A child that is not at work ends by itself when its input does.
LEAVE_SECONDS = 1


class NoWalls(RuntimeError):
    """Pictures cannot be opened safely on this machine; nothing is wrong with the file."""


class Child:
    """One child; it examines one file after another, for one thread at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def examine(self, data: bytes, task: Task, whose: UUID | None = None) -> Examined:
        """What became of a cleaned file's picture; raises CannotShow, also where opening it kills, and NoWalls.

        Files of one donation (`whose`) are opened by one process for a while, any other file by one of its own.
        """
        head, file = request_of(data, task)
        size = LENGTH.pack(len(head) + len(file))
        answer = self._answer((whose.bytes if whose else NOBODY) + size + head, file)
        body = answer[HEAD.size :]
        if HEAD.unpack_from(answer)[0] != b"P":
            reason = body.decode("ascii", "replace")
            raise CannotShow(reason if reason in PICTURE else BROKEN)
        try:
            return answered(body, task)
        except Garbled:
            raise CannotShow(BROKEN) from None

    def _answer(self, head: bytes, data: bytes) -> bytes:
        # The child outlives what its forks die of. When it is gone itself, something else ended it: once is no fault of
        # the file, twice in a row is taken for one.
        for _ in range(2):
            try:
                return self._ask(head, data)
            except (OSError, EOFError):
                self.stop()
        return BROKEN_ANSWER

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
        if child.returncode == WALL_LESS:
            raise NoWalls("Pictures are opened without network in a filter of system calls, which is missing here.")

    def _ask(self, head: bytes, data: bytes) -> bytes:
        child = self._started()
        requests, answers = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)
        requests.write(head)
        requests.write(data)
        requests.flush()
        if not select.select([answers], [], [], PATIENCE_SECONDS)[0]:
            raise EOFError
        answer = _exactly(answers.read(HEAD.size), HEAD.size)
        size = HEAD.unpack(answer)[1]
        return answer + _exactly(answers.read(size), size)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(
                [sys.executable, "-B", "-m", "curation.pixels.child.server"],
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


class Children:
    """The children of one worker process, for its threads; the second starts once two files come at the same time."""

    def __init__(self) -> None:
        self._all = [Child() for _ in range(CHILDREN)]
        self._free: LifoQueue[Child] = LifoQueue()
        for each in self._all:
            self._free.put(each)

    def examine(self, data: bytes, task: Task, whose: UUID | None = None) -> Examined:
        """As Child.examine; waits until a child is free."""
        each = self._free.get()
        try:
            return each.examine(data, task, whose)
        finally:
            self._free.put(each)

    def stop(self) -> None:
        """Ends the children; none may be at work."""
        for each in self._all:
            each.stop()


def children() -> Children:
    """The children of this process; a forked worker has its own, so that two never share one child's pipes."""
    return _children_of(os.getpid())


def examine_in_child(data: bytes, task: Task, whose: UUID | None = None) -> Examined:
    """What became of a cleaned file's picture, examined in a child process; raises CannotShow and NoWalls."""
    return children().examine(data, task, whose)


@lru_cache(maxsize=1)
def _children_of(pid: int) -> Children:
    return Children()


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise EOFError
    return data

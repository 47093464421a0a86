"""A process that opens pictures: forked from the warm child, it serves one donation until a file of it ends it.

Its memory, processor time, files and system calls are limited, so that a decoder that crashes, loops, swallows memory
or is taken over costs one file and reaches nothing. A request is eight bytes of length and what wire.py made of a task
and a file; an answer is `P` or `F`, eight bytes of length, and an Examined or a reason's code.
"""

import fcntl
import os
import select
import signal
import time
from contextlib import suppress
from typing import NoReturn

from curation.pixels.child.walls import allow_time, keep_only, wall_in
from curation.pixels.child.wire import HEAD, LENGTH, answer_of, asked
from curation.pixels.examine import examine
from curation.pixels.limits import CannotShow

#: By the clock on the wall, for one file; processor time is limited in walls.py.
WALL_SECONDS = 420
#: An answer brings pictures, and a file that may be a little larger than the one that was asked about.
MOST_ANSWER, GROWN = 64 * 1024**2, 3
#: So many files are opened by one process: what a decoder leaks does not add up, and a fork costs little among them.
MOST_FILES = 50
#: What a pipe holds before its writer waits: Linux lets anyone have so much, and an image fits in.
PIPE_BYTES = 1 << 20


class Hand:
    """One such process. `files` counts what it was given."""

    def __init__(self) -> None:
        self.files = 0
        ask_out, self._asks = os.pipe()
        self._answers, answer_in = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _serve_and_end(ask_out, answer_in)
        os.close(ask_out)
        os.close(answer_in)
        for pipe in (self._asks, self._answers):
            widen(pipe)
        os.set_blocking(self._asks, False)

    def ask(self, request: bytes) -> bytes | None:
        """The answer for one file; None where the process gave none that is whole, and is then of no more use."""
        until = time.monotonic() + WALL_SECONDS
        self.files += 1
        if not (self._send(LENGTH.pack(len(request)), until) and self._send(request, until)):
            return None
        return self._receive(until, MOST_ANSWER + GROWN * len(request))

    def end(self) -> None:
        """Ends the process, whatever it does."""
        os.close(self._asks)
        os.close(self._answers)
        os.kill(self._pid, signal.SIGKILL)  # it is ours and not yet reaped
        os.waitpid(self._pid, 0)

    def _send(self, request: bytes, until: float) -> bool:
        rest = memoryview(request)
        try:
            while rest:
                if not select.select([], [self._asks], [], max(0.0, until - time.monotonic()))[1]:
                    return False
                rest = rest[os.write(self._asks, rest[:PIPE_BYTES]) :]
        except BrokenPipeError:
            return False
        return True

    def _receive(self, until: float, most: int) -> bytes | None:
        answer = bytearray()
        while (left := until - time.monotonic()) > 0 and len(answer) <= most:
            if not select.select([self._answers], [], [], left)[0]:
                return None
            piece = os.read(self._answers, PIPE_BYTES)
            answer += piece
            if is_whole(answer):
                return bytes(answer)
            if not piece:
                return None
        return None


def widen(pipe: int) -> None:
    """Lets a pipe hold a whole image, where the system allows it."""
    with suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def is_whole(answer: bytes | bytearray) -> bool:
    """Whether an answer is complete; one that breaks off is none."""
    return len(answer) >= HEAD.size and len(answer) == HEAD.size + HEAD.unpack_from(answer)[1]


def works() -> bool:
    """Whether a process can be walled in here: tried on one that then ends."""
    pid = os.fork()
    if pid == 0:
        try:
            wall_in(0)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _serve_and_end(asks: int, answers: int) -> NoReturn:
    """Answers what is asked until nobody asks any more."""
    try:
        keep_only(asks, answers)
        wall_in(MOST_FILES)
        with os.fdopen(asks, "rb") as requests:
            while len(size := requests.read(LENGTH.size)) == LENGTH.size:
                request = requests.read(LENGTH.unpack(size)[0])
                allow_time()
                _write(answers, _answer(request))
    finally:
        os._exit(0)  # whatever happened: nothing of the parent's may run here


def _answer(request: bytes) -> bytes:
    task, data = asked(request)
    try:
        kind, answer = b"P", answer_of(examine(data, task))
    except CannotShow as refusal:
        kind, answer = b"F", refusal.reason.encode()
    return HEAD.pack(kind, len(answer)) + answer


def _write(pipe: int, answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(pipe, rest) :]

"""A process that draws: forked from the warm child, it draws one donation's files until one of them ends it.

Its memory, processor time and what it may write are limited, so that a decoder that crashes, loops or swallows memory
costs one file and leaves nothing behind. A request is eight bytes of length and the file; an answer is `P` or `F`, four
bytes of position, eight of length, and the PNG or a reason's code.
"""

import fcntl
import os
import resource
import select
import signal
import struct
import time
from contextlib import suppress
from typing import NoReturn

from curation.work.render.picture import CannotShow, draw

LENGTH, HEAD = struct.Struct(">Q"), struct.Struct(">ciQ")
MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 3 * 1024**3, 20, 60
MOST_ANSWER = 64 * 1024**2
#: So many files are drawn by one process: what a decoder leaks does not add up, and a fork costs little among them.
MOST_FILES = 50
#: What a pipe holds before its writer waits: Linux lets anyone have so much, and an image fits in.
PIPE_BYTES = 1 << 20


class Hand:
    """One drawing process. `drawn` counts its files."""

    def __init__(self) -> None:
        self.drawn = 0
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

    def draw(self, data: bytes) -> bytes | None:
        """The answer for one file; None where the process gave none that is whole, and is then of no more use."""
        until = time.monotonic() + WALL_SECONDS
        self.drawn += 1
        if not self._send(LENGTH.pack(len(data)) + data, until):
            return None
        return self._receive(until)

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

    def _receive(self, until: float) -> bytes | None:
        answer = bytearray()
        while (left := until - time.monotonic()) > 0 and len(answer) <= MOST_ANSWER:
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
    return len(answer) >= HEAD.size and len(answer) == HEAD.size + HEAD.unpack_from(answer)[2]


def _serve_and_end(asks: int, answers: int) -> NoReturn:
    """Draws what is asked until nobody asks any more."""
    try:
        _keep_only(asks, answers)
        _limit()
        with os.fdopen(asks, "rb") as requests:
            while len(size := requests.read(LENGTH.size)) == LENGTH.size:
                data = requests.read(LENGTH.unpack(size)[0])
                _allow_time()
                _write(answers, _answer(data))
    finally:
        os._exit(0)  # whatever happened: nothing of the parent's may run here


def _answer(data: bytes) -> bytes:
    try:
        picture = draw(data)
    except CannotShow as refusal:
        return HEAD.pack(b"F", 0, len(refusal.reason)) + refusal.reason.encode()
    return HEAD.pack(b"P", picture.position, len(picture.png)) + picture.png


def _write(pipe: int, answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _keep_only(*kept: int) -> None:
    """Closes everything that was open but these and the standard error: whoever waits for its end must not wait on."""
    for number in os.listdir("/proc/self/fd"):
        if int(number) not in {2, *kept}:
            try:
                os.close(int(number))
            except OSError:
                continue  # the listing's own


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _allow_time() -> None:
    """So much processor time for the next file, counted from what the files before it took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))

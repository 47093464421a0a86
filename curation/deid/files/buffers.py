"""Reads files of any size without holding them: big ones are mapped into memory, and let go of behind each step."""

import hashlib
import mmap
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from threading import Event, Thread

Buffer = bytes | mmap.mmap
Piece = bytes | memoryview
#: From this size on a file is mapped.
MAPPED_BYTES = 32 << 20
_STEP = 4 << 20
_SWEEP_SECONDS = 0.002
# A pipe or a link that took a file's place must neither be waited for nor followed; not every system knows these.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_UNUSED = getattr(mmap, "MADV_DONTNEED", None)


def opened(path: Path | bytes, mapped_from: int = MAPPED_BYTES) -> Buffer:
    """A regular file's bytes, mapped if there are `mapped_from` or more of them; raises OSError."""
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("not a regular file")
        if found.st_size >= max(1, mapped_from):
            return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def steps(data: Buffer | Piece) -> Iterator[Piece]:
    """The bytes in pieces of a few megabytes; what was mapped leaves this process's memory behind each of them."""
    if len(data) <= _STEP:
        yield memoryview(data)
        return
    with memoryview(data) as view:
        for at in range(0, len(view), _STEP):
            yield view[at : at + _STEP]
            let_go(data)


def let_go(data: Buffer | Piece) -> None:
    """Gives the pages of a mapped file back to the system, which still has them cached; they can be read again."""
    source = data.obj if isinstance(data, memoryview) else data
    if isinstance(source, mmap.mmap) and _UNUSED is not None:
        source.madvise(_UNUSED)


@contextmanager
def slim(data: Buffer | Piece) -> Iterator[None]:
    """While this lasts, what was read of a big mapped file leaves this process's memory again every few milliseconds.

    Whatever reads in between, be it a hash over everything or a walk over ten thousand fragments, needs to know
    nothing of it. Smaller files are left alone.
    """
    if len(data) < MAPPED_BYTES:
        yield
        return
    over = Event()

    def sweep() -> None:
        while not over.wait(_SWEEP_SECONDS):
            let_go(data)

    sweeper = Thread(target=sweep, daemon=True)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWEEP_SECONDS / 4)  # else whoever reads without a pause keeps the sweeper waiting
    sweeper.start()
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        over.set()
        sweeper.join()


def digest(*parts: Buffer | Piece) -> str:
    """SHA-256 of the parts one after the other, in hexadecimal digits."""
    total = hashlib.sha256()
    for part in parts:
        for step in steps(part):
            total.update(step)
    return total.hexdigest()


def write(pieces: Iterable[Piece], file: BufferedIOBase) -> None:
    """Writes the pieces one after the other to a buffered file, which takes all of them or raises OSError."""
    for piece in pieces:
        for step in steps(piece):
            file.write(step)


def digest_of(path: Path) -> str:
    """SHA-256 of a file; raises OSError."""
    return digest(opened(path))

"""Puts pieces together: in memory, or in an unnamed file that is mapped into it where they are big."""

from collections.abc import Iterable
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile

#: Up to this size the pieces stay in memory.
IN_MEMORY = 64 * 1024 * 1024


def joined(pieces: Iterable[bytes | memoryview]) -> bytes | mmap:
    """The pieces one after the other; the file goes when nothing refers to it any more. Raises OSError."""
    held: list[bytes | memoryview] = []
    size, rest = 0, iter(pieces)
    for piece in rest:
        held.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            return _mapped(held, rest)
    return b"".join(held)


def _mapped(held: list[bytes | memoryview], rest: Iterable[bytes | memoryview]) -> mmap:
    with TemporaryFile() as file:
        file.writelines(held)
        held.clear()
        file.writelines(rest)
        file.flush()
        return mmap(file.fileno(), 0, access=ACCESS_READ)

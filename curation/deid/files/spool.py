"""Puts pieces together: in memory, or in an unnamed file that is mapped into it where they are big."""

from collections.abc import Iterable
from mmap import ACCESS_READ, mmap
from tempfile import SpooledTemporaryFile

#: Up to this size the pieces stay in memory.
IN_MEMORY = 64 * 1024 * 1024


def joined(pieces: Iterable[bytes | memoryview]) -> bytes | mmap:
    """The pieces one after the other; the file goes when nothing refers to it any more. Raises OSError."""
    size = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        for piece in pieces:
            size += spooled.write(piece)
        if size > IN_MEMORY:
            spooled.flush()
            return mmap(spooled.fileno(), size, access=ACCESS_READ)
        spooled.seek(0)
        return spooled.read()

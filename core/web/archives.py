"""A ZIP that is made while it is sent: nothing of it lies in memory or on the disk but the piece on its way."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

LARGE: Final = (1 << 31) - 1


@dataclass(frozen=True)
class Member:
    """One file that went into it, with the SHA-256 of the bytes that did."""

    name: str
    size: int
    sha256: str


class Archive:
    """What `add` and `end` yield is to be sent in that order; `members` names what went in so far."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = False, size: int = 0) -> Iterator[bytes]:
        """Puts a file in, from its pieces; `packed` for text. `size` must be given where it may be above LARGE."""
        info = ZipInfo(name, date_time=time.gmtime()[:6])
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, written = hashlib.sha256(), 0
        # Not every program reads the longer form, which large files need.
        with self._zip.open(info, "w", force_zip64=size > LARGE) as member:
            for piece in pieces:
                digest.update(piece)
                written += member.write(piece)
                yield self._sink.take()
        self.members.append(Member(name, written, digest.hexdigest()))
        yield self._sink.take()

    def end(self) -> Iterator[bytes]:
        """The table of contents, without which it is no ZIP."""
        self._zip.close()
        yield self._sink.take()


class _Sink:
    """A file that can be written and not searched; what was written waits to be taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing below it."""

    def close(self) -> None:
        """What was written can still be taken."""

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken

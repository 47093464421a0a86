"""Pieces that lie one after another, read as one file that can be sought in; one piece is in memory at a time."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from io import SEEK_CUR, SEEK_SET, BufferedReader, RawIOBase
from itertools import accumulate
from typing import Any, BinaryIO, cast

#: A piece: its size in bytes, and what fetches all of them.
Piece = tuple[int, Callable[[], bytes]]


class _Joined(RawIOBase):
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = [piece for piece in pieces if piece[0]]
        self.starts = [0, *accumulate(size for size, _ in self.pieces)]
        self.place, self.held, self.data = 0, -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        base = 0 if whence == SEEK_SET else self.place if whence == SEEK_CUR else self.starts[-1]
        if base + offset < 0:
            raise ValueError("there is nothing before the beginning")
        self.place = base + offset
        return self.place

    def readall(self) -> bytes:
        found = []
        while piece := self.read(self.starts[-1]):
            found.append(piece)
        return b"".join(found)

    def readinto(self, buffer: Any, /) -> int:
        if self.place >= self.starts[-1]:
            return 0
        number = bisect_right(self.starts, self.place) - 1
        if number != self.held:
            self.data = b""  # two are never held at once
            self.held, self.data = number, self.pieces[number][1]()
        begin = self.place - self.starts[number]
        part = self.data[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self.place += len(part)
        return len(part)


def joined(pieces: Sequence[Piece]) -> BinaryIO:
    """The pieces in their order as one readable, seekable file; whatever fetching one raises is passed on."""
    return cast(BinaryIO, BufferedReader(_Joined(pieces)))

"""Looks at where a ZIP's files lie: none over another, nothing between them, and each named the same in both places."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

ENCRYPTED: Final = 0x1
_HEADER: Final = 30
_SIGNATURE: Final = b"PK\x03\x04"
_SIZES_FOLLOW: Final = 0x8
_IN_ZIP64: Final = 0xFFFFFFFF
#: A data descriptor in its longest form (APPNOTE 4.3.9): signature, CRC-32 and two sizes of 8 bytes.
_DESCRIPTOR: Final = 24


@dataclass(frozen=True)
class Places:
    """What was found: `wrong` is "damaged", "overlapping", "hidden" or ""; `odd` are offsets of headers that lie."""

    wrong: str = ""
    odd: frozenset[int] = frozenset()


def look(stream: BinaryIO, entries: Sequence[zipfile.ZipInfo], directory: int) -> Places:
    """Reads each local header (APPNOTE 4.3.7) in the order of the bytes; `directory` is where the central one begins.

    Two files that share bytes are how a small ZIP holds petabytes. Bytes that belong to no file are how a ZIP shows
    one thing to one program and another to the next; a donor's file among them would be lost without a word.
    """
    end, odd = 0, set()
    for info in sorted(entries, key=lambda entry: entry.header_offset):
        stream.seek(max(0, info.header_offset))
        local = stream.read(_HEADER)
        if info.header_offset < 0 or len(local) < _HEADER or local[:4] != _SIGNATURE:
            return Places("damaged")
        if info.header_offset < end:
            return Places("overlapping")
        if info.header_offset > end + (_DESCRIPTOR if end else 0):
            return Places("hidden")
        if not _agrees(local, info):
            odd.add(info.header_offset)
        end = info.header_offset + _HEADER + _number(local, 26, 2) + _number(local, 28, 2) + info.compress_size
    if end > directory:
        return Places("overlapping")
    return Places("hidden" if directory > end + (_DESCRIPTOR if end else 0) else "", frozenset(odd))


def _agrees(local: bytes, info: zipfile.ZipInfo) -> bool:
    """Whether a file's own header says what the directory says of it; zipfile itself compares the names."""
    flags = _number(local, 6, 2)
    if flags & ENCRYPTED != info.flag_bits & ENCRYPTED or _number(local, 8, 2) != info.compress_type:
        return False
    if flags & _SIZES_FOLLOW:
        return True
    sizes = ((18, info.compress_size), (22, info.file_size))
    return _number(local, 14, 4) == info.CRC and all(_number(local, at, 4) in (size, _IN_ZIP64) for at, size in sizes)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")

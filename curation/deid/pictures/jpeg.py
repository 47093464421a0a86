"""Finds text in JPEG, JPEG-LS and JPEG 2000 codestreams: comments, application data, and what follows the picture.

JPEG and JPEG-LS (ITU-T T.81, T.87) carry it in COM and APPn segments, JPEG 2000 with its High-Throughput part (T.800,
T.814) in COM segments of the main header and of each tile-part.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from ..reasons import Refused

Frame: TypeAlias = bytes | memoryview
Span: TypeAlias = tuple[int, int]
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
# What decoders need of an APPn segment: its marker, how it begins, and after how many bytes its free part does.
_NEEDED = (
    (0xE0, b"JFIF\0", 14),
    (0xE0, b"LJIF\0", 14),
    (0xEE, b"Adobe", 12),
    (0xE8, b"SPIFF\0", 30),
    (0xE8, b"mrfx", 5),
)
# Reserved for extensions; JPEG-LS uses F7 and F8.
_EXTENSIONS = frozenset({0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD})
_IN_SCAN = re.compile(rb"\xff([\xc0-\xcf\xd9-\xff])")
_TILE, _TILE_DATA, _COMMENT_2000, _END_2000 = 0x90, 0x93, 0x64, 0xD9
_END_OF_TILES = re.compile(rb"\xff\xd9")


def segment_end(frame: Frame, at: int) -> int:
    """Where the marker segment at `at` ends."""
    after = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    if after > len(frame) or after < at + 4 or frame[at] != 0xFF:
        raise Refused("malformed")
    return after


def jpeg_text(frame: Frame) -> Iterator[Span]:
    """COM and APPn segments before, between and after the scans, and whatever follows the end of the image."""
    at, in_scan = 2, False
    while at + 4 <= len(frame):
        if in_scan:
            match = _IN_SCAN.search(frame, at)
            if match is None:
                return
            at = match.start()
        marker = frame[at + 1] if at + 1 < len(frame) else _END
        if marker == _END:
            yield at + 2, len(frame)
            return
        if marker == 0xFF:
            at += 1
            continue
        after = segment_end(frame, at)
        if marker == _COMMENT or 0xE0 <= marker <= 0xEF or marker in _EXTENSIONS:
            yield _free_part(frame, marker, at + 4, after), after
        in_scan = in_scan or marker == _SCAN
        at = after


def _free_part(frame: Frame, marker: int, start: int, after: int) -> int:
    """Where the free part of a segment begins, after what decoders need: JFIF's, Adobe's, SPIFF's and HP's headers."""
    for of_marker, beginning, needed in _NEEDED:
        if marker == of_marker and frame[start : start + len(beginning)] == beginning:
            return min(start + needed, after)
    return start


def jpeg_2000_text(frame: Frame, at: int) -> Iterator[Span]:
    """COM segments in the main header and in the header of each tile-part, and whatever follows the codestream."""
    at, tile_end = at + 2, 0
    while at + 4 <= len(frame):
        marker = frame[at + 1]
        if marker == _END_2000:
            break
        if marker == _TILE_DATA:
            at = tile_end if tile_end > at else _end_of_tiles(frame, at)
            continue
        after = segment_end(frame, at)
        if marker == _TILE:
            length = int.from_bytes(frame[at + 6 : at + 10], "big")
            tile_end = at + length if length else 0
        elif marker == _COMMENT_2000:
            yield at + 6, after
        at = after
    yield min(at + 2, len(frame)), len(frame)


def _end_of_tiles(frame: Frame, at: int) -> int:
    """Where the codestream ends if its last tile-part does not say: no coded data holds that marker (T.800 A.4)."""
    match = _END_OF_TILES.search(frame, at)
    return match.start() if match else len(frame)

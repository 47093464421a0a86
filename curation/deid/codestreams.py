"""Blanks comments and application data inside compressed frames, byte for byte, without touching the picture.

JPEG and JPEG-LS (ITU-T T.81, T.87) carry text in COM and APPn segments, JPEG 2000 (T.800) in COM segments and, where
a writer left the file format around the codestream, in XML and UUID boxes.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from .reasons import Refused
from .tree import Value

Span: TypeAlias = tuple[int, int]
JPEG_START, JPEG_2000_START, JP2_SIGNATURE = b"\xff\xd8", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  "
_TEXT_BOXES = frozenset({b"xml ", b"uuid", b"uinf", b"free"})
_CODESTREAM_BOX = b"jp2c"
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
_IN_SCAN = re.compile(rb"\xff([\xc0-\xcf\xd9-\xff])")
_TILE, _TILE_DATA, _COMMENT_2000, _END_2000 = 0x90, 0x93, 0x64, 0xD9


def fragments(value: memoryview) -> Iterator[Span]:
    """Where each fragment's bytes stand, without the offset table, which comes first (PS3.5 section A.4)."""
    at, first = 0, True
    while at + 8 <= len(value):
        length = int.from_bytes(value[at + 4 : at + 8], "little")
        if not first:
            yield at + 8, at + 8 + length
        at, first = at + 8 + length, False


def without_comments(value: memoryview) -> Value:
    """Encapsulated pixel data whose frames carry no text; the same object where they carried none."""
    blank: list[Span] = []
    for start, stop in fragments(value):
        frame = bytes(value[start:stop])
        blank += [(start + first, start + last) for first, last in text_spans(frame) if any(frame[first:last])]
    if not blank:
        return value
    content = bytearray(value)
    for first, last in blank:
        content[first:last] = bytes(last - first)
    return bytes(content)


def text_spans(frame: bytes) -> list[Span]:
    """Where a fragment that begins a frame holds text; raises Refused where its header cannot be followed."""
    if frame.startswith(JPEG_START):
        return list(_jpeg(frame))
    if frame.startswith(JPEG_2000_START):
        return list(_jpeg_2000(frame, 0))
    return list(_boxes(frame)) if frame.startswith(JP2_SIGNATURE) else []


def _segment(frame: bytes, at: int) -> int:
    """Where the marker segment at `at` ends."""
    after = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
    if after > len(frame) or after < at + 4 or frame[at] != 0xFF:
        raise Refused("malformed")
    return after


def _jpeg(frame: bytes) -> Iterator[Span]:
    """COM and APPn segments before, between and after the scans, and whatever follows the end of the image."""
    at, in_scan = 2, False
    while at + 4 <= len(frame):
        if in_scan:
            match = _IN_SCAN.search(frame, at)
            if match is None:
                return
            at = match.start()
        marker = frame[at + 1]
        if marker == _END:
            yield at + 2, len(frame)
            return
        if marker == 0xFF:
            at += 1
            continue
        after = _segment(frame, at)
        if marker == _COMMENT or 0xE0 <= marker <= 0xEF:
            yield _free_part(frame, marker, at + 4, after), after
        in_scan = in_scan or marker == _SCAN
        at = after


def _free_part(frame: bytes, marker: int, start: int, after: int) -> int:
    """Where the free part of a segment begins, after what decoders need: JFIF, Adobe's and SPIFF's headers."""
    body = frame[start:after]
    if marker == 0xE0 and body.startswith((b"JFIF\0", b"LJIF\0")):
        return min(start + 14, after)
    if marker == 0xEE and body.startswith(b"Adobe"):
        return min(start + 12, after)
    return after if marker == 0xE8 and len(body) <= 32 else start


def _jpeg_2000(frame: bytes, at: int) -> Iterator[Span]:
    """COM segments in the main header and in the header of each tile-part."""
    at, tile_end = at + 2, 0
    while at + 4 <= len(frame):
        marker = frame[at + 1]
        if marker == _END_2000:
            yield at + 2, len(frame)
            return
        if marker == _TILE_DATA:
            if tile_end <= at:
                return
            at = tile_end
            continue
        after = _segment(frame, at)
        if marker == _TILE:
            length = int.from_bytes(frame[at + 6 : at + 10], "big")
            tile_end = at + length if length else 0
        elif marker == _COMMENT_2000:
            yield at + 6, after
        at = after


def _boxes(frame: bytes) -> Iterator[Span]:
    """The contents of text boxes, and the comments of the codestream box."""
    at = 0
    while at + 8 <= len(frame):
        length = int.from_bytes(frame[at : at + 4], "big") or len(frame) - at
        kind, after = frame[at + 4 : at + 8], at + length
        if length < 8 or after > len(frame):
            raise Refused("malformed")
        if kind in _TEXT_BOXES:
            yield at + 8, after
        elif kind == _CODESTREAM_BOX:
            yield from _jpeg_2000(frame[:after], at + 8)
        at = after

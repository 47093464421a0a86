"""Finds text in the file formats around JPEG 2000 and JPEG XL codestreams (ISO 15444-1 annex I, ISO 18181-2).

Boxes that a decoder needs are listed; the content of every other is text as far as we know: XML, XMP, EXIF, UUID,
JUMBF, labels, and the parts of a JPEG file that JPEG XL keeps beside the picture so that it can be rebuilt.
"""

from collections.abc import Iterator

from ..reasons import Refused
from .icc import free_spans
from .jpeg import Frame, Span, jpeg_2000_text

_SIGNATURES = frozenset({b"jP  ", b"JXL "})
_NUMBERS = frozenset(
    {b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef", b"resc", b"resd", b"jxlc", b"jxlp", b"jxll", b"jxli"}
)
_SUPERBOXES = frozenset({b"jp2h", b"res "})
_BRANDS = frozenset({b"jp2 ", b"jpx ", b"jpxb", b"jph ", b"J2P0", b"J2P1", b"jxl ", b"\0\0\0\0"})
_CODESTREAM, _FILE_TYPE, _COLOUR, _JPEG_REBUILT = b"jp2c", b"ftyp", b"colr", b"jbrd"
_SIGNATURE_BYTES = 4
# A header box holds a resolution box, and that two boxes of numbers.
_DEEPEST = 2
_ICC_METHODS = frozenset({2, 3})
_ICC_START, _COLOUR_CODE = 3, 7


def box_text(frame: Frame, at: int = 0, end: int | None = None, depth: int = 0) -> Iterator[Span]:
    """What is not needed to decode the picture; raises Refused where the boxes do not fit into each other."""
    end = len(frame) if end is None else end
    if depth > _DEEPEST:
        raise Refused("too_deep")
    while end - at >= 8:
        kind, start, after = _box(frame, at, end)
        if kind in _SUPERBOXES:
            yield from box_text(frame, start, after, depth + 1)
        elif kind == _CODESTREAM:
            yield from ((start + a, start + b) for a, b in jpeg_2000_text(frame[start:after], 0))
        elif kind == _FILE_TYPE:
            yield from _brands(frame, start, after)
        elif kind == _COLOUR:
            yield from _colour(frame, start, after)
        elif kind == _JPEG_REBUILT:
            yield at + 4, after  # its kind too: a decoder skips what it does not know, and trips over a broken one
        elif kind in _SIGNATURES:
            yield start + _SIGNATURE_BYTES, after
        elif kind not in _NUMBERS:
            yield start, after
        at = after
    yield at, end


def codestream_in(frame: Frame) -> Span:
    """Where the one codestream of a file in boxes stands; raises Refused where there is none, or more than one."""
    at, found = 0, []
    while len(frame) - at >= 8:
        kind, start, after = _box(frame, at, len(frame))
        if kind == _CODESTREAM:
            found.append((start, after))
        at = after
    if len(found) != 1:
        raise Refused("malformed")
    return found[0]


def _box(frame: Frame, at: int, end: int) -> tuple[bytes, int, int]:
    """The kind of the box at `at`, where its content begins and where it ends."""
    length, start = int.from_bytes(frame[at : at + 4], "big"), at + 8
    if length == 1:
        length, start = int.from_bytes(frame[at + 8 : at + 16], "big"), at + 16
    after = at + length if length else end
    if after < start or after > end:
        raise Refused("malformed")
    return bytes(frame[at + 4 : at + 8]), start, after


def _brands(frame: Frame, start: int, after: int) -> Iterator[Span]:
    """The names of file types that are none of the known; the second word is a number."""
    for at in range(start, after, 4):
        if at != start + 4 and bytes(frame[at : min(at + 4, after)]) not in _BRANDS:
            yield at, min(at + 4, after)


def _colour(frame: Frame, start: int, after: int) -> Iterator[Span]:
    """The texts of an ICC profile in a colour specification; the whole profile where it cannot be read."""
    if start < after and frame[start] in _ICC_METHODS:
        profile = start + _ICC_START
        spans = free_spans(frame[profile:after])
        yield from [(profile, after)] if spans is None else ((profile + a, profile + b) for a, b in spans)
    else:
        yield min(start + _COLOUR_CODE, after), after

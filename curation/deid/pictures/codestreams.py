"""Blanks text inside compressed frames, byte for byte, without touching the picture.

A frame may lie in several fragments (PS3.5 section A.4), so that fragments are put together before they are read.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from struct import Struct

from ..files.buffers import let_go
from ..files.spool import joined
from ..files.syntax import DEFLATED_FRAMES_UID, JPEG_2000_UIDS, JPEG_UIDS, JPEG_XL_UIDS, RLE_UID
from ..files.tree import Value
from ..reasons import Refused
from .boxes import box_text
from .jpeg import Frame, Span, jpeg_2000_text, jpeg_text

JPEG_START, JPEG_2000_START, JPEG_XL_START = b"\xff\xd8", b"\xff\x4f\xff\x51", b"\xff\x0a"
JP2_SIGNATURE, JPEG_XL_SIGNATURE = b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL "
# What stands before the first fragment where no table does: an item without content.
EMPTY_OFFSET_TABLE = b"\xfe\xff\0\xe0\0\0\0\0"
_RLE_HEADER, _MAX_RLE_SEGMENTS = 64, 15
_LENGTH = Struct("<L").unpack_from
_STEP = 1 << 16
# So much of a mapped file is looked at before it leaves memory again.
_HELD = 16 << 20
Reader = Callable[[Frame], Iterable[Span]]


def fragments(value: memoryview) -> Iterator[Span]:
    """Where each fragment's bytes stand, without the offset table, which comes first (PS3.5 section A.4)."""
    at, last, first = 0, len(value) - 8, True
    while at <= last:
        start = at + 8
        at = start + _LENGTH(value, at + 4)[0]
        if not first:
            yield start, at
        first = False


def without_comments(value: memoryview, transfer_syntax: str = "") -> Value:
    """Encapsulated pixel data whose frames carry no text; the same object where they carried none.

    Raises Refused where a frame cannot be followed, or is none of its transfer syntax.
    """
    blank, table = spans_to_blank(value, transfer_syntax), unfit_offset_table(value)
    return memoryview(joined(_pieces(value, sorted(blank), table))) if blank or table else value


def _pieces(value: memoryview, blank: list[Span], table: int) -> Iterator[Value]:
    """The value with zeros for what is blank, and without the content of an offset table that ends at `table`."""
    if table:
        yield EMPTY_OFFSET_TABLE
    at = held = table
    for first, last in blank:
        yield value[at:first]
        yield bytes(max(0, last - max(at, first)))
        at = max(at, last)
        if at - held > _HELD:
            let_go(value)
            held = at
    yield value[at:]


def spans_to_blank(value: memoryview, transfer_syntax: str = "") -> list[Span]:
    """Where encapsulated pixel data holds text, as places in it: what a writer of pieces has to put zeros in.

    Without a transfer syntax each frame is taken for what it begins like.
    """
    blank: list[Span] = []
    held = 0
    for frame in frames_in(value, transfer_syntax):
        if len(frame) == 1:
            start, stop = frame[0]
            whole: Frame = value[start:stop]
        else:
            whole = b"".join(value[start:stop] for start, stop in frame)
        for span in _reader(whole, transfer_syntax)(whole):
            blank += [(a, b) for a, b in _in_fragments(span, frame) if bytes(value[a:b]).count(0) < b - a]
        if frame[-1][1] - held > _HELD:
            let_go(value)
            held = frame[-1][1]
    return blank


def unfit_offset_table(value: memoryview) -> int:
    """Where the Basic Offset Table ends if it is no list of places at which fragments begin; 0 if it is fit."""
    length = int.from_bytes(value[4:8], "little")
    offsets = [int.from_bytes(value[at : at + 4], "little") for at in range(8, 8 + length, 4)]
    begins = {start - 16 - length for start, _ in fragments(value)} if offsets else set()
    let_go(value)
    return 0 if length % 4 == 0 and begins.issuperset(offsets) else 8 + length


def extended_offsets_fit(offsets: Value, lengths: Value, pixels: memoryview) -> bool:
    """Whether the Extended Offset Table (7FE0,0001) and its lengths (7FE0,0002) say where the fragments are."""
    base = 16 + int.from_bytes(pixels[4:8], "little")
    true = [(start - base, stop - start) for start, stop in fragments(pixels)]
    if len(offsets) != 8 * len(true) or len(lengths) != 8 * len(true):
        return False
    said = zip(_long_numbers(offsets), _long_numbers(lengths), strict=True)
    return all(at == start and 0 <= size - length <= 1 for (start, size), (at, length) in zip(true, said, strict=True))


def _long_numbers(table: Value) -> Iterator[int]:
    return (int.from_bytes(table[at : at + 8], "little") for at in range(0, len(table), 8))


def text_spans(frame: Frame, transfer_syntax: str = "") -> list[Span]:
    """Where one whole frame holds text; raises Refused where its header cannot be followed."""
    return list(_reader(frame, transfer_syntax)(frame))


def _starts(frame: Frame) -> tuple[Reader, frozenset[str]] | None:
    """How a frame that begins like this is read, and in which transfer syntaxes it may stand."""
    head = bytes(frame[:8])
    for beginning, reader, syntaxes in _BEGINNINGS:
        if head.startswith(beginning):
            return reader, syntaxes
    return None


def _reader(frame: Frame, transfer_syntax: str) -> Reader:
    """What finds text in a frame; raises Refused where it does not begin as its transfer syntax has it."""
    if transfer_syntax in _WHOLE:
        return _WHOLE[transfer_syntax]
    known = _starts(frame)
    if not transfer_syntax:
        return known[0] if known else _nothing
    if known is None or transfer_syntax not in known[1]:
        raise Refused("malformed")
    return known[0]


def frames_in(value: memoryview, transfer_syntax: str) -> Iterator[list[Span]]:
    """The fragments of each frame: it begins with a fragment that begins like one; a deflated frame is one fragment."""
    frame: list[Span] = []
    for start, stop in fragments(value):
        if start == stop:
            continue
        begins = _begins(value[start:stop], transfer_syntax)
        if frame and begins:
            yield frame
            frame = []
        frame.append((start, stop))
    if frame:
        yield frame


def _begins(fragment: Frame, transfer_syntax: str) -> bool:
    """Whether a fragment is the first of a frame."""
    if transfer_syntax == RLE_UID:
        return _is_rle(fragment)
    return transfer_syntax in _WHOLE or _starts(fragment) is not None


def _is_rle(frame: Frame) -> bool:
    """Whether it begins with an RLE header: how many segments there are, and the first of them behind it."""
    count, first = (int.from_bytes(frame[at : at + 4], "little") for at in (0, 4))
    return 0 < count <= _MAX_RLE_SEGMENTS and first == _RLE_HEADER and len(frame) >= _RLE_HEADER


def _in_fragments(span: Span, frame: list[Span]) -> Iterator[Span]:
    """The parts of a span of a whole frame as places in its fragments."""
    at = 0
    for start, stop in frame:
        first, last = max(span[0], at), min(span[1], at + stop - start)
        if first < last:
            yield start + first - at, start + last - at
        at += stop - start


def _nothing(_frame: Frame) -> Iterable[Span]:
    return ()


def _codestream(frame: Frame) -> Iterable[Span]:
    return jpeg_2000_text(frame, 0)


def _rle(frame: Frame) -> Iterable[Span]:
    """The unused places of an RLE header (PS3.5 section G.5), which are zero."""
    count = int.from_bytes(frame[:4], "little")
    offsets = [
        int.from_bytes(frame[at : at + 4], "little") for at in range(4, 4 + 4 * min(count, _MAX_RLE_SEGMENTS), 4)
    ]
    if not _is_rle(frame) or any(at > len(frame) for at in offsets):
        raise Refused("malformed")
    return [(4 + 4 * count, _RLE_HEADER)]


def _deflated(frame: Frame) -> Iterable[Span]:
    """What follows the end of the deflate stream."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(frame), _STEP):
            rest: Frame = frame[at : at + _STEP]
            while rest and not engine.eof:
                engine.decompress(rest, _STEP)
                rest = engine.unconsumed_tail
            if engine.eof:
                return [(min(at + _STEP, len(frame)) - len(engine.unused_data), len(frame))]
    except zlib.error:
        raise Refused("malformed") from None
    raise Refused("truncated")


_BEGINNINGS: tuple[tuple[bytes, Reader, frozenset[str]], ...] = (
    (JPEG_START, jpeg_text, JPEG_UIDS),
    (JPEG_2000_START, _codestream, JPEG_2000_UIDS),
    (JP2_SIGNATURE, box_text, JPEG_2000_UIDS),
    (JPEG_XL_START, _nothing, JPEG_XL_UIDS),
    (JPEG_XL_SIGNATURE, box_text, JPEG_XL_UIDS),
)
_WHOLE: dict[str, Reader] = {RLE_UID: _rle, DEFLATED_FRAMES_UID: _deflated}

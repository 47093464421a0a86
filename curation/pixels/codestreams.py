"""What a compressed frame says of itself before it is decoded: its size, its components, its precision.

JPEG and JPEG-LS say it in a frame header (ITU-T T.81 section B.2.2, T.87 section C.2.2), JPEG 2000 in the SIZ marker
(T.800 section A.5.1), RLE in the number of its segments (PS3.5 section G.5).
"""

from struct import Struct, error
from typing import NamedTuple

from curation.deid.files.syntax import DEFLATED_FRAMES_UID, JPEG_2000_UIDS, RLE_UID
from curation.deid.pictures.boxes import codestream_in
from curation.deid.pictures.codestreams import JP2_SIGNATURE
from curation.deid.pictures.jpeg import segment_end
from curation.deid.reasons import Refused
from curation.pixels.layout import Layout
from curation.pixels.limits import CannotShow, refuse_unless

BASELINE, EXTENDED, LOSSLESS, LOSSLESS_FIRST = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70))
JPEG_LS, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
_HEAD, _SIZ = Struct(">BHHB"), Struct(">HHLLLLLLLLH")
# The frame headers that each transfer syntax may have: sequential and progressive DCT, lossless, JPEG-LS.
_DCT = frozenset({0xC0, 0xC1, 0xC2})
FRAME_HEADERS = {
    BASELINE: _DCT,
    EXTENDED: _DCT,
    LOSSLESS: frozenset({0xC3}),
    LOSSLESS_FIRST: frozenset({0xC3}),
    JPEG_LS: frozenset({0xF7}),
    JPEG_LS_NEAR: frozenset({0xF7}),
}
# Start of frame of every kind, and of a hierarchy; the others of this range are tables.
_STARTS = (frozenset(range(0xC0, 0xD0)) | {0xF7, 0xDE}) - {0xC4, 0xC8, 0xCC}
_SCAN, _CODING_STYLE, _TILE, _PALETTE = 0xDA, 0x52, 0x90, b"pclr"
_MOST_TILES = 65_535


class Described(NamedTuple):
    """What a frame says of itself.

    `kind`: marker of its frame header, 0 where it has none. `signed`: its values are. `transformed`: JPEG 2000's
    transformation between RGB and its own colours was used. `lossy`: it cannot have held what it was made of.
    """

    rows: int
    columns: int
    samples: int
    precision: int
    kind: int = 0
    signed: bool = False
    transformed: bool = False
    lossy: bool = False


def checked(frame: bytes, syntax: str, layout: Layout) -> Described:
    """What a frame says of itself; raises CannotShow where it contradicts the header, or has a form not decoded."""
    try:
        said = _described(frame, syntax, layout)
    except (Refused, error, IndexError):
        raise CannotShow("picture_broken") from None
    refuse_unless((said.rows, said.columns, said.samples) == (layout.rows, layout.columns, layout.samples))
    refuse_unless(0 < said.precision <= layout.allocated)
    return said


def _described(frame: bytes, syntax: str, layout: Layout) -> Described:
    if syntax in FRAME_HEADERS:
        return _jpeg(frame, syntax)
    if syntax in JPEG_2000_UIDS:
        return _jpeg_2000(frame)
    if syntax == RLE_UID:
        return _rle(frame, layout)
    refuse_unless(syntax == DEFLATED_FRAMES_UID, "no_decoder")
    return Described(layout.rows, layout.columns, layout.samples, layout.allocated)


def _jpeg(frame: bytes, syntax: str) -> Described:
    """By the one frame header before the first scan; a JPEG-LS scan says whether it is near-lossless."""
    found: Described | None = None
    if 0xF7 in FRAME_HEADERS[syntax]:  # CharLS takes many seconds over a stream that has no end
        refuse_unless(frame.rstrip(b"\0").endswith(b"\xff\xd9"))
    for marker, start, end in segments(frame):
        if marker in _STARTS:
            refuse_unless(found is None)
            refuse_unless(marker in FRAME_HEADERS[syntax], "no_decoder")
            precision, rows, columns, samples = _HEAD.unpack_from(frame, start)
            refuse_unless(end - start == _HEAD.size + 3 * samples)
            found = Described(rows, columns, samples, precision, marker, lossy=marker in _DCT)
        elif marker == _SCAN and found is not None:
            near = marker == _SCAN and found.kind == 0xF7 and frame[end - 3] > 0
            return found._replace(lossy=found.lossy or near)
    raise CannotShow("picture_broken")


def segments(frame: bytes) -> "list[tuple[int, int, int]]":
    """The marker segments up to the first scan: marker, where the content begins and where it ends. Raises Refused."""
    found = []
    at = 2
    while at + 4 <= len(frame):
        if frame[at + 1] == 0xFF:
            at += 1
            continue
        end = segment_end(frame, at)
        found.append((frame[at + 1], at + 4, end))
        if frame[at + 1] == _SCAN:
            break
        at = end
    return found


def _jpeg_2000(frame: bytes) -> Described:
    """By the SIZ and COD segments of the main header; every component has one size and one precision."""
    if frame.startswith(JP2_SIGNATURE):
        frame = _unboxed(frame)
    refuse_unless(frame[:4] == b"\xff\x4f\xff\x51")
    end = segment_end(frame, 2)
    _, _, right, bottom, left, top, wide, high, across, down, samples = _SIZ.unpack_from(frame, 4)
    refuse_unless(end == 4 + _SIZ.size + 3 * samples and samples > 0)
    components = {frame[at : at + 3] for at in range(end - 3 * samples, end, 3)}
    size, horizontal, vertical = components.pop()
    refuse_unless(not components and horizontal == vertical == 1)
    refuse_unless(min(wide, high) > 0 and left < right and top < bottom and across <= left and down <= top)
    refuse_unless(-(-(right - across) // wide) * -(-(bottom - down) // high) <= _MOST_TILES, "picture_too_large")
    said = Described(bottom - top, right - left, samples, (size & 0x7F) + 1, signed=size >= 0x80)
    return _styled(frame, end, said)


def _styled(frame: bytes, at: int, said: Described) -> Described:
    """With what the coding style says: the colours' transformation, and which wavelet (T.800 section A.6.1)."""
    while frame[at + 1] != _TILE:
        if frame[at + 1] == _CODING_STYLE:
            return said._replace(transformed=frame[at + 8] == 1, lossy=frame[at + 13] == 0)
        at = segment_end(frame, at)
    raise CannotShow("picture_broken")


def _unboxed(frame: bytes) -> bytes:
    """The one codestream of a file in boxes; one whose colours come from a palette is not what the header says."""
    start, end = codestream_in(frame)
    refuse_unless(_PALETTE not in frame[:start])
    return frame[start:end]


def _rle(frame: bytes, layout: Layout) -> Described:
    """By the number of segments, one for each byte of each sample; each begins behind the one before."""
    refuse_unless(len(frame) >= 64)
    count, *offsets = Struct("<16L").unpack_from(frame)
    refuse_unless(count == layout.samples * max(layout.allocated // 8, 1))
    used = offsets[:count]
    refuse_unless(used[0] == 64 and used == sorted(set(used)) and used[-1] < len(frame))
    return Described(layout.rows, layout.columns, layout.samples, layout.allocated)

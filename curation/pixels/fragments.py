"""Where each frame of encapsulated pixel data stands, and pixel data put together of frames again (PS3.5 section A.4).

Where frames begin is seen in the fragments themselves. A table of offsets that says otherwise would show one picture to
one reader and another to the next, so it is refused.
"""

from collections.abc import Sequence
from itertools import accumulate
from struct import Struct

from curation.deid.files.syntax import DEFLATED_FRAMES_UID, RLE_UID
from curation.deid.pictures.codestreams import extended_offsets_fit, fragments, frames_in
from curation.deid.pictures.jpeg import Span
from curation.pixels.limits import refuse_unless

_ITEM, _LONG = Struct("<HHL"), Struct("<Q")
_LARGEST_OFFSET = 0xFFFFFFFF
#: A frame is one fragment (PS3.5 sections A.4.2 and A.4.11).
_ONE_FRAGMENT = frozenset({RLE_UID, DEFLATED_FRAMES_UID})


def frame_spans(value: memoryview, syntax: str, count: int) -> list[list[Span]]:
    """For each of `count` frames the places of its fragments in the value; raises CannotShow where they do not agree.

    `value`: encapsulated pixel data between its header and its last delimiter.
    """
    if syntax in _ONE_FRAGMENT:
        found = [[span] for span in fragments(value) if span[0] < span[1]]
    else:
        found = list(frames_in(value, syntax))
    refuse_unless(len(found) == count)
    # What stands before the first that begins like a frame belongs to none.
    refuse_unless(sum(len(frame) for frame in found) == sum(start < stop for start, stop in fragments(value)))
    _check_table(value, [frame[0][0] for frame in found])
    return found


def _check_table(value: memoryview, starts: list[int]) -> None:
    """Refuses a Basic Offset Table that is not empty and says anything else than where the frames begin."""
    length = int.from_bytes(value[4:8], "little")
    said = [int.from_bytes(value[at : at + 4], "little") for at in range(8, 8 + length, 4)]
    refuse_unless(length % 4 == 0 and (not said or said == [start - 16 - length for start in starts]))


def check_extended(offsets: bytes, lengths: bytes, value: memoryview) -> None:
    """Refuses an Extended Offset Table that does not say where the fragments are."""
    refuse_unless(extended_offsets_fit(offsets, lengths, value))


def frame_at(value: memoryview, spans: Sequence[Span]) -> bytes:
    """A frame's bytes, its fragments put together."""
    return b"".join(value[start:stop] for start, stop in spans)


def encapsulated(frames: Sequence[bytes], *, table: bool) -> bytes:
    """Frames as pixel data of one fragment each, behind an offset table if one is wanted and can hold them."""
    even = [frame + bytes(len(frame) % 2) for frame in frames]
    offsets = [0, *accumulate(8 + len(frame) for frame in even)][:-1]
    listed = offsets if table and offsets[-1] <= _LARGEST_OFFSET else []
    pieces = [_ITEM.pack(0xFFFE, 0xE000, 4 * len(listed)), *(at.to_bytes(4, "little") for at in listed)]
    for frame in even:
        pieces += (_ITEM.pack(0xFFFE, 0xE000, len(frame)), frame)
    return b"".join(pieces)


def extended_table(frames: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Extended Offset Table (7FE0,0001) and its lengths (7FE0,0002) for the same frames (PS3.3 section C.7.6.3.1.8)."""
    offsets = [0, *accumulate(8 + len(frame) + len(frame) % 2 for frame in frames)][:-1]
    return b"".join(map(_LONG.pack, offsets)), b"".join(_LONG.pack(len(frame)) for frame in frames)

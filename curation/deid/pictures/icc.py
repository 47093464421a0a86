"""Blanks what an ICC profile says in words about who made it and for which device, and leaves its colours alone.

The layout is that of ICC.1:2022 (section 7): a header of 128 bytes, a table of tags, and the tags' data.
"""

from collections.abc import Iterator
from struct import Struct
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
_HEADER, _ENTRY, _MAX_TAGS = 128, 12, 256
_TAG = Struct(">4s2L")
# Of the header: the preferred CMM, when it was made, platform, maker and model of the device, creator, digest, reserve.
_HEADER_SPANS = ((4, 8), (24, 36), (40, 44), (48, 56), (80, 128))
# Tag types (section 10) that hold numbers only; every other type is text, or can hold it.
_NUMBERS = frozenset(
    {
        b"XYZ ",
        b"chrm",
        b"clro",
        b"curv",
        b"para",
        b"mft1",
        b"mft2",
        b"mAB ",
        b"mBA ",
        b"meas",
        b"sf32",
        b"sig ",
        b"view",
    }
    | {b"ui08", b"ui16", b"ui32", b"ui64", b"uf32", b"cicp"}
)
# What stays of a text: type and reserve; of the later form the size of a record but not how many there are; of the
# earlier one the length, so that it reads as that many null bytes.
_TEXTS = {b"mluc": ((0, 8), (12, 16)), b"desc": ((0, 12),), b"text": ((0, 8),)}
_LONGEST = {b"sig ": 12, b"meas": 36, b"view": 36, b"cicp": 12}


def clean_icc(data: bytes) -> bytes | None:
    """The profile with its texts, names of devices, dates and digest as zeros; None where it cannot be read.

    The length and every number that colours depend on stay as they are.
    """
    spans = free_spans(data)
    if spans is None:
        return None
    cleaned = bytearray(data)
    for first, last in spans:
        cleaned[first:last] = bytes(last - first)
    return bytes(cleaned)


def free_spans(data: bytes | memoryview) -> list[Span] | None:
    """Where a profile holds text or says which device it is for, and the bytes that no tag uses; None if unreadable."""
    if len(data) < _HEADER + 4 or bytes(data[36:40]) != b"acsp":
        return None
    count, size = int.from_bytes(data[128:132], "big"), int.from_bytes(data[:4], "big")
    table_end = _HEADER + 4 + count * _ENTRY
    if count > _MAX_TAGS or table_end > len(data) or not table_end <= size <= len(data):
        return None
    used: dict[Span, bytes] = {}
    for at in range(_HEADER + 4, table_end, _ENTRY):
        _, start, length = _TAG.unpack_from(data, at)
        if start < table_end or length < 8 or start + length > size:
            return None
        kind = bytes(data[start : start + 4])
        used[start, start + length] = kind if length <= _LONGEST.get(kind, length) else b""
    kept = [span for span, kind in used.items() if kind in _NUMBERS]
    texts = [(span, kind) for span, kind in used.items() if kind not in _NUMBERS]
    if any(first < stop and start < last for first, last in kept for (start, stop), _ in texts):
        return None
    heads = [(at + a, min(at + b, stop)) for (at, stop), kind in texts for a, b in _TEXTS.get(kind, ())]
    return [*_HEADER_SPANS, *_between(sorted(kept + heads), table_end, len(data))]


def _between(kept: list[Span], at: int, end: int) -> Iterator[Span]:
    """Everything from `at` on that is not kept."""
    for first, last in kept:
        if first > at:
            yield at, first
        at = max(at, last)
    if at < end:
        yield at, end

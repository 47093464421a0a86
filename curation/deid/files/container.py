"""Finds the data set inside a file: preamble, file meta information, transfer syntax, deflation (PS3.10 section 7)."""

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from ..limits import MAX_INFLATED_BYTES
from ..reasons import Refused
from .buffers import Buffer
from .representations import KNOWN, LONG
from .spool import joined
from .syntax import (
    DEFLATED_UID,
    ENCODINGS,
    EXPLICIT_BIG_UID,
    EXPLICIT_LITTLE,
    EXPLICIT_LITTLE_UID,
    IMPLICIT_LITTLE,
    IMPLICIT_LITTLE_UID,
    Encoding,
    is_registered,
)

TRANSFER_SYNTAX, MEDIA_SOP_CLASS = 0x00020010, 0x00020002
DICOMDIR_CLASS = "1.2.840.10008.1.3.10"
_STEP_IN, _STEP_OUT = 1 << 16, 1 << 20
_ASKED = frozenset({TRANSFER_SYNTAX & 0xFFFF, MEDIA_SOP_CLASS & 0xFFFF})
# Number, VR and short length of an element whose group is known.
_HEAD = Struct("<2xH2sH").unpack_from


class Container(NamedTuple):
    """The bytes that hold the data set, where it begins, how it is read and how it will be written.

    `media_class`: the SOP class that the file meta information names; empty where it names none.
    """

    data: Buffer
    start: int
    encoding: Encoding
    transfer_syntax: str
    warnings: int
    media_class: str


def read_container(data: Buffer) -> Container:
    """Opens a file; raises Refused when it is empty, not DICOM, or encoded in a way that is not read."""
    if not data:
        raise Refused("empty")
    start, warnings = _after_prefix(data)
    meta, start = _file_meta(data, start)
    if meta.get(MEDIA_SOP_CLASS) == DICOMDIR_CLASS:
        raise Refused("dicomdir")
    uid = meta.get(TRANSFER_SYNTAX) or _guess(data, start)
    if uid not in ENCODINGS:
        raise Refused("transfer_syntax_unsupported" if is_registered(uid) else "transfer_syntax_unknown")
    if uid == DEFLATED_UID:
        data, start, uid = joined(_inflated(data, start)), 0, EXPLICIT_LITTLE_UID
    encoding = _actual(data, start, ENCODINGS[uid])
    return Container(data, start, encoding, uid, warnings + (encoding != ENCODINGS[uid]), meta.get(MEDIA_SOP_CLASS, ""))


def _after_prefix(data: Buffer) -> tuple[int, int]:
    """Where file meta or data set begins, and 1 if the preamble that should be there is missing."""
    if data[128:132] == b"DICM":
        return 132, 0
    if data[:4] == b"DICM":
        return 4, 1
    if (data[:2] in (b"\x02\0", b"\x08\0") and len(data) >= 8) or data[:4] in (
        b"\0\x08\0\x05",
        b"\0\x08\0\x08",
    ):
        return 0, 1
    raise Refused("not_dicom")


def _file_meta(data: Buffer, at: int) -> tuple[dict[int, str], int]:
    """Group 0002 (always Explicit VR Little Endian, but some writers use Implicit) and where it ends."""
    meta: dict[int, str] = {}
    size = len(data)
    while data[at : at + 2] == b"\x02\0":
        if size - at < 8:
            raise Refused("truncated")
        number, name, length = _HEAD(data, at)
        vr, value = KNOWN.get(name), at + 8
        if vr is None:
            length = _number(data[at + 4 : at + 8])
        elif vr in LONG:
            length, value = _number(data[at + 8 : at + 12]), at + 12
        at = value + length
        if at > size:
            raise Refused("truncated")
        if number in _ASKED:
            text = bytes(data[value : min(at, value + 128)])
            meta[0x00020000 | number] = text.decode("ascii", "replace").strip(" \0")
    return meta, at


def _guess(data: Buffer, start: int) -> str:
    """The transfer syntax of a file that does not name one, from its first element (PS3.10 demands that it does)."""
    head = bytes(data[start : start + 8])
    if len(head) < 8:
        raise Refused("truncated")
    explicit = head[4:6] in KNOWN
    if head[0] == 0 and head[1]:
        return EXPLICIT_BIG_UID if explicit else "implicit big endian"
    return EXPLICIT_LITTLE_UID if explicit else IMPLICIT_LITTLE_UID


def _actual(data: Buffer, start: int, declared: Encoding) -> Encoding:
    """How the first element is really written; writers exist that name one encoding and use the other."""
    if not declared.little:
        return declared
    return EXPLICIT_LITTLE if bytes(data[start + 4 : start + 6]) in KNOWN else IMPLICIT_LITTLE


def _number(value: bytes | memoryview) -> int:
    return int.from_bytes(value, "little")


def _inflated(data: Buffer, start: int) -> Iterator[bytes]:
    """What a deflated data set unpacks to (PS3.5 section A.5), in bounded pieces; bytes behind its end are left out."""
    engine, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for piece in _pieces(engine, memoryview(data)[start:]):
        size += len(piece)
        if size > MAX_INFLATED_BYTES:
            raise Refused("too_large")
        yield piece
    if not engine.eof:
        raise Refused("truncated")


def _pieces(engine: "zlib._Decompress", view: memoryview) -> Iterator[bytes]:
    rest = b""
    try:
        for at in range(0, len(view), _STEP_IN):
            rest += view[at : at + _STEP_IN]
            while rest and not engine.eof:
                yield engine.decompress(rest, _STEP_OUT)
                rest = engine.unconsumed_tail
            if engine.eof:
                return
        yield engine.flush()
    except zlib.error:
        raise Refused("malformed") from None

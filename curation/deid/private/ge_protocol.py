"""The protocol block of a GE scanner, (0025,xx1B) of GEMS_SERS_01, made anew from single numbers of an allow-list.

Four bytes of length and a gzip stream of lines `KEY "value"`, in which names and descriptions stand among numbers. The
order of slices, and which way phase was encoded, stand nowhere else.
"""

import re
import zlib

_LINE = re.compile(rb'([A-Z0-9_]{1,32}) "([+-]?\d{1,9}(?:\.\d{0,9})?)"')
_KEYS = frozenset(
    {b"DELACQ", b"GROUPDELAY", b"MBACCEL", b"NOSLC", b"PHASEACCEL", b"SLICEACCEL", b"SLICEORDER", b"VIEWORDER"}
)
_MAX_TEXT = 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def rebuilt_ge_protocol(data: bytes | memoryview) -> bytes | None:
    """A new block with the numbers of the allow-list; None where it cannot be read to its end or holds none of them.

    A key that is there twice is left out.
    """
    text = _text(bytes(data))
    if text is None:
        return None
    found: dict[bytes, bytes | None] = {}
    for line in text.split(b"\n"):
        match = _LINE.fullmatch(line.strip())
        if match and match[1] in _KEYS:
            found[match[1]] = None if match[1] in found else match[2]
    lines = [b'%s "%s"\n' % (key, value) for key, value in sorted(found.items()) if value is not None]
    return _packed(b"".join(lines)) if lines else None


def _text(data: bytes) -> bytes | None:
    engine = zlib.decompressobj(_GZIP)
    try:
        text = engine.decompress(data[4:], _MAX_TEXT)
    except zlib.error:
        return None
    return text if engine.eof else None


def _packed(text: bytes) -> bytes:
    """The block; its stream even in length, since readers look for the stream's own length at its very end."""
    while True:
        engine = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
        stream = engine.compress(text) + engine.flush()
        if len(stream) % 2 == 0:
            return len(stream).to_bytes(4, "little") + stream
        text += b"\n"

"""Siemens CSA headers: read strictly, and written anew from an allow-list of numbers and closed terms.

The layout is Siemens' own; it is described in nibabel's documentation ("Siemens format DICOM with CSA header"). The
two forms differ in how an item gives its length. What is written is always the later one, "CSA2".
"""

from struct import Struct, error

from .csa_protocol import PROTOCOL, rebuilt_protocol
from .csa_tags import CSA_TAGS, PROTOCOL_TAG, CsaTag

_MAGIC = b"SV10\4\3\2\1"
_CHECK = 77
_COUNTS, _TAG, _ITEM = Struct("<2I"), Struct("<64si4s3i"), Struct("<4i")
# Siemens writes about a hundred tags, and dcm2niix reads no more than 128; slice times are one item a slice.
_MAX_TAGS, _MAX_ITEMS = 1000, 1000
# Siemens writes so many items at least, the unused ones empty; dcm2niix reads three where it needs one.
_LEAST_ITEMS, _EMPTY_ITEM = 6, _ITEM.pack(0, 0, 205, 0)


class _Broken(Exception):
    """A header that cannot be read from its first byte to its last tag."""


def rebuilt_csa(data: bytes | memoryview) -> bytes | None:
    """A new CSA2 header with the tags of the allow-list whose values have the form that they should; None without any.

    Nothing of the source is copied but the text of numbers and terms that match. A header that cannot be followed to
    its last tag, or that names a tag twice, gives None.
    """
    try:
        found = _read(bytes(data))
    except (_Broken, error):
        return None
    kept = [(tag, values) for tag, values in ((CSA_TAGS.get(name), v) for name, v in found.items()) if tag and values]
    passed = [(tag, values) for tag, values in kept if tag.allows(values)]
    protocol = rebuilt_protocol(b"".join(found.get(PROTOCOL, [])[:1]))
    if protocol is not None:
        passed.append((PROTOCOL_TAG, [protocol]))
    return _written(passed) if passed else None


def _read(data: bytes) -> dict[bytes, list[bytes]]:
    """The values of every tag by its name; raises _Broken or struct.error."""
    newer = data.startswith(b"SV10")
    at = 8 if newer else 0
    count, check = _COUNTS.unpack_from(data, at)
    if not 0 < count <= _MAX_TAGS or check != _CHECK:
        raise _Broken
    at, first = at + _COUNTS.size, None
    found: dict[bytes, list[bytes]] = {}
    for _ in range(count):
        name, many, _vr, _kind, items, _mark = _TAG.unpack_from(data, at)
        first = items if first is None else first
        name = name.split(b"\0")[0]
        if name in found or not 0 <= items <= _MAX_ITEMS or many < 0:
            raise _Broken
        found[name], at = _values(data, at + _TAG.size, items, None if newer else first)
    return found


def _values(data: bytes, at: int, items: int, subtracted: int | None) -> tuple[list[bytes], int]:
    """The values of one tag up to the first empty item, and where the next tag begins.

    `subtracted`: in the older form, what an item's first number is more than its length.
    """
    values: list[bytes] = []
    for _ in range(items):
        lengths = _ITEM.unpack_from(data, at)
        at += _ITEM.size
        length = lengths[1] if subtracted is None else lengths[0] - subtracted
        if not 0 <= length <= len(data) - at:
            raise _Broken
        values.append(data[at : at + length].split(b"\0")[0].strip(b" "))
        at += length + -length % 4
    return values[: values.index(b"")] if b"" in values else values, at


def _written(tags: list[tuple[CsaTag, list[bytes]]]) -> bytes:
    """A CSA2 header; each value ends with a null byte, since readers take it as a C string."""
    pieces = [_MAGIC, _COUNTS.pack(len(tags), _CHECK)]
    for tag, values in tags:
        items = max(_LEAST_ITEMS, len(values))
        pieces.append(_TAG.pack(tag.name, len(values), tag.vr, tag.kind, items, _CHECK))
        for value in values:
            length = len(value) + 1
            pieces += (_ITEM.pack(length, length, _CHECK, length), value, bytes(1 + -length % 4))
        pieces += [_EMPTY_ITEM] * (items - len(values))
    return b"".join(pieces)

"""Writes DICOM files byte by byte, so that a test can put anything anywhere, also what no library would write."""

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
UNDEFINED = 0xFFFFFFFF


class Plain(NamedTuple):
    """One element: its tag, its VR and its value, as bytes or as items. Items are lists of elements."""

    tag: int
    vr: str
    value: "bytes | Items"
    open_end: bool = False


Elements: TypeAlias = Sequence[Plain]
Items: TypeAlias = Sequence[Elements]


def text(tag: int, vr: str, value: str, encoding: str = "ascii") -> Plain:
    """A text element."""
    return Plain(tag, vr, value.encode(encoding))


def sequence(tag: int, *items: Elements, open_end: bool = False) -> Plain:
    """A sequence; `open_end` writes it and its items with undefined length."""
    return Plain(tag, "SQ", list(items), open_end)


def nested_un(tag: int, items: Items, open_end: bool) -> Plain:
    """A sequence of which the file does not say that it is one."""
    return Plain(tag, "UN", items, open_end)


def written(elements: Iterable[Plain], *, explicit: bool = True, little: bool = True, in_order: bool = True) -> bytes:
    """The elements' bytes, in tag order unless told otherwise."""
    ordered = sorted(elements, key=lambda each: each.tag) if in_order else elements
    return b"".join(_element(each, explicit, little) for each in ordered)


def _element(element: Plain, explicit: bool, little: bool) -> bytes:
    order = "<" if little else ">"
    value = element.value if isinstance(element.value, bytes) else _items(element, explicit, little)
    if isinstance(element.value, bytes) and len(value) % 2:
        value += b"\0" if element.vr in ("UI", "OB", "UN") else b" "
    length = UNDEFINED if element.open_end else len(value)
    head = struct.pack(order + "HH", element.tag >> 16, element.tag & 0xFFFF)
    if not explicit:
        return head + struct.pack(order + "L", length) + value
    if element.vr in LONG:
        return head + element.vr.encode() + b"\0\0" + struct.pack(order + "L", length) + value
    return head + element.vr.encode() + struct.pack(order + "H", length) + value


def _items(element: Plain, explicit: bool, little: bool) -> bytes:
    order, out = "<" if little else ">", b""
    explicit = explicit and element.vr != "UN"  # PS3.5 section 6.2.2: a sequence that is UN is in implicit VR
    assert not isinstance(element.value, bytes)
    for item in element.value:
        content = written(item, explicit=explicit, little=little)
        length = UNDEFINED if element.open_end else len(content)
        out += struct.pack(order + "HHL", 0xFFFE, 0xE000, length) + content
        out += struct.pack(order + "HHL", 0xFFFE, 0xE00D, 0) if element.open_end else b""
    return out + (struct.pack(order + "HHL", 0xFFFE, 0xE0DD, 0) if element.open_end else b"")


#: How a file may be written, by a name for test output: transfer syntax, explicit VR, little endian.
WRITINGS = {
    "explicit": (ExplicitVRLittleEndian, True, True),
    "implicit": (ImplicitVRLittleEndian, False, True),
    "big endian": (ExplicitVRBigEndian, True, False),
}


def file(
    elements: Sequence[Plain],
    writing: str = "explicit",
    *,
    syntax: str = "",
    meta: Sequence[Plain] = (),
    preamble: bytes = bytes(128),
    behind: bytes = b"",
) -> bytes:
    """A whole file. `syntax`: a transfer syntax for explicit VR; `meta`: further file meta; `behind` the data set."""
    usual, explicit, little = WRITINGS[writing]
    own = [text(0x00020010, "UI", syntax or usual), *meta]
    if not any(each.tag == 0x00020002 for each in meta):
        found = {each.tag: each.value for each in elements}
        own += [Plain(0x00020002, "UI", bytes(found[0x00080016])), Plain(0x00020003, "UI", bytes(found[0x00080018]))]  # type: ignore[arg-type]  # both are bytes
    head = written(own)
    group = struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(head))
    return preamble + b"DICM" + group + head + written(elements, explicit=explicit, little=little) + behind

"""Tells by its first bytes what a file is: a scan, a ZIP, or the clutter that hospital discs carry."""

import struct
from enum import StrEnum
from typing import Final

from core.texts import gettext_noop as _

HEAD_BYTES: Final = 1024
_DICOMDIR: Final = b"1.2.840.10008.1.3.10"
_PART10: Final = 128
_TAR: Final = 257
_FIRST_GROUPS: Final = (0x0002, 0x0008)
_MOST_FIRST_LENGTH: Final = 1 << 16
#: Value representations that an element of groups 0002 and 0008 can begin a file with (PS3.5 section 6.2).
_VRS: Final = frozenset({b"UL", b"UI", b"CS", b"OB", b"SH", b"LO", b"DA", b"TM", b"ST", b"AE", b"DT", b"SQ", b"PN"})


class Kind(StrEnum):
    """What a file is, by content; never by its name."""

    DICOM = "dicom"
    DICOMDIR = "dicomdir"
    ZIP = "zip"
    EMPTY = "empty"
    PROGRAM = "program"
    PICTURE = "picture"
    DOCUMENT = "document"
    TEXT = "text"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


#: What lies on a hospital's disc beside the scans: left out without a word of reproach.
CLUTTER: Final = frozenset({Kind.DICOMDIR, Kind.PROGRAM, Kind.PICTURE, Kind.DOCUMENT, Kind.TEXT})

SENTENCES: Final = {
    Kind.DICOMDIR: _("This is the disc's table of contents, not a scan. We left it out."),
    Kind.EMPTY: _("This file is empty. Copy it from the disc again."),
    Kind.PROGRAM: _("This is a computer program from the disc, not a scan. We left it out."),
    Kind.PICTURE: _("This is an ordinary picture, not a scan as hospitals store them. We left it out."),
    Kind.DOCUMENT: _("This is a document, not a scan. We left it out."),
    Kind.TEXT: _("This is a text file, not a scan. We left it out."),
    Kind.ARCHIVE: _("We cannot open this kind of packed file. Unpack it first, or pack it again as a ZIP."),
    Kind.UNKNOWN: _("This is not a scan that we can read (it is not a DICOM file). We left it out."),
}

_SIGNATURES: Final = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xce\xfa\xed\xfe", Kind.PROGRAM),
    (b"MSCF", Kind.PROGRAM),
    (b"ITSF", Kind.DOCUMENT),
    (b"SQLite format 3\0", Kind.DOCUMENT),
    # What a Mac puts beside each file in a ZIP, and into each folder.
    (b"\x00\x05\x16\x07", Kind.DOCUMENT),
    (b"\x00\x00\x00\x01Bud1", Kind.DOCUMENT),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"\x89PNG", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"BM", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"\x00\x00\x01\x00", Kind.PICTURE),
    (b"%PDF", Kind.DOCUMENT),
    (b"{\\rtf", Kind.DOCUMENT),
    (b"\xd0\xcf\x11\xe0", Kind.DOCUMENT),
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ", Kind.ARCHIVE),
)


def kind_of(head: bytes) -> Kind:
    """What begins with `head`, the first `HEAD_BYTES` of a file (all of it where it is shorter)."""
    if not head.strip(b"\0"):
        return Kind.EMPTY if not head else Kind.UNKNOWN
    if head[_PART10 : _PART10 + 4] == b"DICM" or _is_bare(head):
        return Kind.DICOMDIR if _DICOMDIR in head else Kind.DICOM
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[_TAR : _TAR + 5] == b"ustar":
        return Kind.ARCHIVE
    return Kind.TEXT if _is_text(head) else Kind.UNKNOWN


def _is_bare(head: bytes) -> bool:
    """Whether a DICOM data set begins without preamble, as old systems write it: by a plausible first element."""
    if len(head) < 8:
        return False
    for order in ("<", ">"):
        group, element = struct.unpack(f"{order}HH", head[:4])
        if group not in _FIRST_GROUPS or element > 0x0100:
            continue
        (length,) = struct.unpack(f"{order}I", head[4:8])
        implicit = order == "<" and length % 2 == 0 and length <= _MOST_FIRST_LENGTH
        if head[4:6] in _VRS or implicit:
            return True
    return False


def _is_text(head: bytes) -> bool:
    """Whether it reads as text in an encoding of bytes, or in UTF-16 with its mark."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not any(byte < 9 or 13 < byte < 32 for byte in head)

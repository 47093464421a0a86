"""Transfer syntaxes (PS3.5 annex A): which are read, and how each encodes its elements."""

from typing import NamedTuple

from pydicom._uid_dict import UID_dictionary

EXPLICIT_LITTLE_UID = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE_UID = "1.2.840.10008.1.2"
EXPLICIT_BIG_UID = "1.2.840.10008.1.2.2"
DEFLATED_UID = "1.2.840.10008.1.2.1.99"
DEFLATED_FRAMES_UID = "1.2.840.10008.1.2.8.1"


class Encoding(NamedTuple):
    """How elements are written: with their VR or without, and the order of bytes."""

    explicit: bool
    little: bool


EXPLICIT_LITTLE = Encoding(True, True)
IMPLICIT_LITTLE = Encoding(False, True)
EXPLICIT_BIG = Encoding(True, False)

RLE_UID = "1.2.840.10008.1.2.5"
JPEG_UIDS = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70, 80, 81))
JPEG_2000_UIDS = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (90, 91, 92, 93, 201, 202, 203))
JPEG_XL_UIDS = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (110, 111, 112))
# JPEG-LS is with JPEG, High-Throughput JPEG 2000 with JPEG 2000. Video and JPIP are not read.
_STILL_PICTURES = (RLE_UID, *sorted(JPEG_UIDS | JPEG_2000_UIDS | JPEG_XL_UIDS), DEFLATED_FRAMES_UID)
ENCODINGS = {
    IMPLICIT_LITTLE_UID: IMPLICIT_LITTLE,
    EXPLICIT_LITTLE_UID: EXPLICIT_LITTLE,
    DEFLATED_UID: EXPLICIT_LITTLE,
    EXPLICIT_BIG_UID: EXPLICIT_BIG,
    **dict.fromkeys(_STILL_PICTURES, EXPLICIT_LITTLE),
}
UNCOMPRESSED = frozenset({IMPLICIT_LITTLE_UID, EXPLICIT_LITTLE_UID, DEFLATED_UID, EXPLICIT_BIG_UID})


def is_registered(uid: str) -> bool:
    """Whether the standard registers this UID as a transfer syntax."""
    entry = UID_dictionary.get(uid)
    return entry is not None and entry[1] == "Transfer Syntax"

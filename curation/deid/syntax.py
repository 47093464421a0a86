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

# RLE, JPEG, JPEG-LS, JPEG 2000, High-Throughput JPEG 2000, JPEG XL and deflated frames; video and JPIP are not read.
_STILL_PICTURES = (
    "1.2.840.10008.1.2.5",
    *(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70, 80, 81, 90, 91, 92, 93, 110, 111, 112, 201, 202, 203)),
    DEFLATED_FRAMES_UID,
)
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

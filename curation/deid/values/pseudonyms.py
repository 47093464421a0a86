"""Keyed identifiers without a mapping table: UIDs of one fixed length, and one name for each donor."""

from base64 import b32encode

from pydicom._uid_dict import UID_dictionary

from ..standard.sop_classes import ALLOWED
from .keys import keyed

# `2.25.` and a number of exactly 39 digits below 2**128 (PS3.5 section B.2): 44 characters, always.
_SMALLEST = 10**38
_SPAN = 2**128 - _SMALLEST
UID_LENGTH = 44
_REGISTERED = frozenset(uid.encode() for uid in (*UID_dictionary, *ALLOWED))


def is_registered(uid: bytes) -> bool:
    """Whether the standard registers this UID (SOP classes, transfer syntaxes, well-known frames of reference)."""
    return uid in _REGISTERED


def keyed_uid(key: bytes, uid: bytes) -> bytes:
    """The UID that stands for this one under the key, in whatever attribute it occurs."""
    return uid_of(keyed(key, "uid", uid))


def uid_of(number: int) -> bytes:
    """The UID that a keyed number makes."""
    return b"2.25.%d" % (_SMALLEST + number % _SPAN)


def uid_of_next(key: bytes, uid: bytes) -> bytes:
    """The UID of the object that is made of this one by changing its pixels; of the same length."""
    return uid_of(keyed(key, "pixels", uid))


def pseudonym(key: bytes) -> bytes:
    """The identifier of the key's subject in cleaned files: `D-` and 16 letters and digits (80 bits)."""
    number = keyed(key, "subject").to_bytes(32, "big")
    return b"D-" + b32encode(number[:10])


def grouping(number: int) -> bytes:
    """The name that stands for a site or device in the whole domain: 10 letters and digits (50 bits)."""
    return b32encode(number.to_bytes(32, "big")[:10])[:10]


def local_code(number: int, *, is_long: bool) -> bytes:
    """The code that stands for one of a local scheme: 10 letters and digits, or 24 where it was too long for SH.

    A Long Code Value has more than 16 characters (PS3.3 section 8.1).
    """
    return b32encode(number.to_bytes(32, "big")[:15])[: 24 if is_long else 10]

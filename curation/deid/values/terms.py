"""Which short texts may stay: defined terms, numbers, technical terms and public codes."""

import re

from ..files.tree import Dataset
from ..limits import MAX_CODE_STRING_BYTES, MAX_TERM_BYTES
from ..standard.strengthening import CODING_SCHEMES

_CODING_SCHEME = 0x00080102
# PS3.5 asks for upper case; many writers use lower case and hyphens in terms that say nothing about anyone.
_CODE_STRINGS = re.compile(rb"[A-Za-z0-9 _+-]{0,32}(?:\\[A-Za-z0-9 _+-]{0,32})*\0?")
_NUMBERS = re.compile(rb"[ 0-9+.eE\\-]*\0?")
_PLAIN = re.compile(rb"[ -\]_-~]*[ \0]?")
MASK = b"REMOVED"
# Terms on which the reading of the whole object depends; each is a closed list in PS3.3.
STRUCTURAL = frozenset({0x00080060, 0x00280004, 0x00280301, 0x00280302, 0x00282110, 0x00205100}) | {
    *(0x0040A040, 0x0040A010, 0x0040A050, 0x0040A491, 0x0040A493, 0x0040A130, 0x00700023)  # of reports and graphics
}


def is_code_string(value: bytes) -> bool:
    """Whether every value has the form of a CS value (PS3.5 section 6.2), lower case and hyphens allowed."""
    return len(value) <= MAX_CODE_STRING_BYTES and _CODE_STRINGS.fullmatch(value) is not None


def is_numeric(value: bytes) -> bool:
    """Whether a DS or IS value holds nothing but numbers."""
    return _NUMBERS.fullmatch(value) is not None


def is_plain(value: bytes) -> bool:
    """Whether a text is short printable ASCII without the caret that separates the parts of a person's name."""
    return len(value) <= MAX_TERM_BYTES and _PLAIN.fullmatch(value) is not None


def has_public_codes(item: Dataset) -> bool:
    """Whether the codes in an item belong to a scheme that anyone can look up."""
    for element in item:
        if element.tag == _CODING_SCHEME:
            return element.text().decode("ascii", "replace").strip() in CODING_SCHEMES
        if element.tag > _CODING_SCHEME:
            break
    return False

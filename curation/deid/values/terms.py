"""Which short texts have the form of defined terms, of numbers, of character sets or of plain text."""

import re
from collections.abc import Collection

from pydicom.charset import python_encoding

from ..limits import MAX_CODE_STRING_BYTES, MAX_TERM_BYTES

# PS3.5 asks for upper case; many writers use lower case and hyphens in terms that say nothing about anyone.
_CODE_STRINGS = re.compile(rb"[A-Za-z0-9 _+-]{0,32}(?:\\[A-Za-z0-9 _+-]{0,32})*\0?")
_ONE = rb" *(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? *)?"
_NUMBERS = re.compile(_ONE + rb"(?:\\" + _ONE + rb")*\0?")
_WHOLE = re.compile(rb"(?<![\d.eE])(\+?)(\d{6,})(?:\.0*)?(?![\d.eE])")
_LENGTH_OF_A_DAY, _LEAST_CALLED, _GREATEST = 8, 9, 2**31
_PLAIN = re.compile(rb"[ -\]_-~]*[ \0]?")
MASK = b"REMOVED"
_VALUES = """
AR AS ASMT AU BDUS BI BMD CD CF CFM CP CR CS CT CTPROTOCOL DD DF DG DM DMS DOC DS DSS DX EC ECG EEG EMG EOG EPS ES FA
FID FS GM HC HD IO IOL IVOCT IVUS KER KO LEN LP LS M3D MA MG MR MS NM OAM OCT OP OPM OPR OPT OPTBSV OPTENF OPV OSS OT PA
PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SC SEG SM SMR SR
SRF ST STAIN STL TEXTUREMAP TG TTS US VA VF VIDD XA XAPROTOCOL XC ANN
MONOCHROME1 MONOCHROME2 RGB HSV ARGB CMYK YBR_FULL YBR_FULL_422 YBR_PARTIAL_422 YBR_PARTIAL_420 YBR_ICT YBR_RCT XYB
YES NO 00 01 03 TEXT NUM CODE DATE TIME DATETIME UIDREF PNAME COMPOSITE IMAGE WAVEFORM SCOORD SCOORD3D TCOORD CONTAINER
TABLE NUMERIC CONTAINS SEPARATE CONTINUOUS PARTIAL COMPLETE UNVERIFIED VERIFIED
POINT MULTIPOINT SEGMENT MULTISEGMENT BEGIN END POLYLINE CIRCLE ELLIPSE INTERPOLATED POLYGON ELLIPSOID
"""
CLOSED = frozenset(term.encode() for term in _VALUES.split()) | {
    *(
        b"PALETTE COLOR",
        b"HAS OBS CONTEXT",
        b"HAS ACQ CONTEXT",
        b"HAS CONCEPT MOD",
        b"HAS PROPERTIES",
        b"INFERRED FROM",
    ),
    *(b"SELECTED FROM", b""),
}
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


def is_charset(value: bytes) -> bool:
    """Whether a value is a defined term of Specific Character Set; case, spaces and underscores do not count."""
    return _bare(value.decode("ascii", "replace")) in _CHARSETS


def tells_someone(value: bytes, vr: str, numbers: Collection[str], days: Collection[str]) -> bool:
    """Whether a number in text is an identifier, a day or a telephone number rather than a quantity.

    `numbers` are identifiers in lower case, `days` YYYYMMDD; an IS beyond 32 bits (PS3.5 section 6.2) is no number.
    """
    for match in _WHOLE.finditer(value):
        digits = match[2].decode()
        if digits in numbers or digits.lstrip("0") in numbers or (vr == "IS" and int(digits[:20]) >= _GREATEST):
            return True
        if (len(digits) == _LENGTH_OF_A_DAY and digits in days) or (match[1] and len(digits) >= _LEAST_CALLED):
            return True
    return False


def _bare(term: str) -> str:
    return term.strip(" \0").upper().replace("_", " ").replace("-", " ")


# PS3.3 section C.12.1.1.2, as pydicom carries it.
_CHARSETS = frozenset(map(_bare, python_encoding))

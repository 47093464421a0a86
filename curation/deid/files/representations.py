"""Value Representations (PS3.5 section 6.2): how each is written in a file and which family it belongs to."""

from functools import lru_cache

from pydicom.datadict import get_entry

# With a two-byte reserve and a four-byte length in Explicit VR (PS3.5 Table 7.1-1).
LONG = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
SHORT = frozenset(
    {
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "PN",
        "SH",
        "SL",
        "SS",
        "ST",
        "TM",
    }
    | {"UI", "UL", "US"}
)
KNOWN = {vr.encode(): vr for vr in LONG | SHORT}
FREE_TEXT = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
TEXT = FREE_TEXT | {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "PN", "TM", "UI", "UR"}
BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
NUMERIC = frozenset({"AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"})

UNKNOWN: tuple[str, ...] = ()


@lru_cache(maxsize=1 << 14)
def dictionary_vrs(tag: int) -> tuple[str, ...]:
    """The VRs that the public dictionary (PS3.6) allows for a tag; none when it does not know the tag."""
    try:
        known = tuple(get_entry(tag)[0].split(" or "))
    except KeyError:
        return UNKNOWN
    return UNKNOWN if known == ("NONE",) else known


def implicit_vr(tag: int) -> str:
    """The VR that an element without one has; OW where the dictionary leaves a choice of words (PS3.5 annex A.1)."""
    vrs = dictionary_vrs(tag)
    if not vrs:
        return "UN"
    return "OW" if "OW" in vrs else vrs[0]


def family(vr: str) -> str:
    """'text', 'number', 'bulk' or 'sequence'."""
    if vr in TEXT:
        return "text"
    if vr in NUMERIC:
        return "number"
    return "sequence" if vr == "SQ" else "bulk"


def pad(value: bytes, vr: str) -> bytes:
    """The value made even in length with the byte that its VR is padded with."""
    if len(value) % 2 == 0:
        return value
    return value + (b" " if vr in TEXT and vr != "UI" else b"\0")

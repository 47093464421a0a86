"""A value for each VR that says nothing and is valid (action D of PS3.15 Table E.1-1)."""

from ..files.representations import FREE_TEXT

REMOVED = b"REMOVED "
_DUMMIES = {
    **dict.fromkeys(FREE_TEXT | {"PN", "CS", "AE"}, REMOVED),
    "DA": b"19000101",
    "TM": b"000000",
    "DT": b"19000101000000",
    "AS": b"000Y",
    "IS": b"0 ",
    "DS": b"0 ",
    "UR": b"urn:removed ",
    **dict.fromkeys(("OB", "OW", "UN", "US", "SS"), b"\0\0"),
    **dict.fromkeys(("OL", "OF", "UL", "SL", "FL", "AT"), bytes(4)),
    **dict.fromkeys(("OV", "OD", "UV", "SV", "FD"), bytes(8)),
}


def dummy(vr: str) -> bytes:
    """The dummy value of a VR, padded to even length; empty for UI and SQ, which have their own actions."""
    return _DUMMIES.get(vr, b"")

"""What happens to a safe private element, by the VR that it should have; safe to exist is not safe to hold anything."""

import math
from struct import error, iter_unpack

from ..actions import Action
from ..files.representations import NUMERIC, family
from ..files.tree import Value
from .safe import PrivateRow

PRIVATE_REMOVED = "PS3.15 E.1-1:private:X"
_BY_VR = {
    "AS": Action.AGE,
    "CS": Action.CODE_STRING,
    "DA": Action.DATE,
    "DS": Action.NUMBER,
    "DT": Action.DATE,
    "IS": Action.NUMBER,
    "LO": Action.TEXT,
    "SH": Action.TEXT,
    "SQ": Action.WALK,
    "TM": Action.TIME,
    "UI": Action.UID,
    **dict.fromkeys(NUMERIC, Action.KEEP),
}
_FORMATS = {"SS": "h", "US": "H", "SL": "i", "UL": "I", "SV": "q", "UV": "Q", "FL": "f", "FD": "d", "AT": "HH"}
# No quantity of physics in the units that devices use is greater; text read as floating point mostly is.
_GREATEST = 1e15


def private_action(row: PrivateRow | None, vr: str) -> tuple[Action, str]:
    """What happens to a private element that the file has under `vr`, and the rule; the fallback is always to remove.

    Stronger than the standard's list: long text, opaque bytes and values of another kind than the list says go.
    """
    if row is None:
        return Action.REMOVE, PRIVATE_REMOVED
    action = Action.TERM if row.term else _BY_VR.get(row.vr)
    if action is None:
        return Action.REMOVE, "own:private-binary" if family(row.vr) == "bulk" else "own:private-text"
    if family(vr) != family(row.vr):
        return Action.REMOVE, "own:unreadable"
    return action, row.rule


def are_numbers(value: Value, vr: str, little: bool) -> bool:
    """Whether a binary value is whole numbers of its VR, finite and of a size that quantities have."""
    try:
        parts = iter_unpack(("<" if little else ">") + _FORMATS[vr], value)
    except error:
        return False
    return vr not in ("FL", "FD") or all(math.isfinite(number) and abs(number) < _GREATEST for (number,) in parts)

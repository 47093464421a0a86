"""Decides for each element, from its tag, VR, place and object, what happens to it and by which rule."""

from typing import NamedTuple

from . import strengthening
from .actions import Action
from .attribute_types import attribute_type, iod_of
from .representations import BULK, FREE_TEXT, dictionary_vrs, family
from .rules import ROWS, TABLE, Row


class Decision(NamedTuple):
    """What happens to an element, the rule that says so, the VR to write, and what happens to an unusable value."""

    action: Action
    rule: str
    vr: str
    fallback: Action


_BACKSTOP = {
    "PN": Action.EMPTY,
    "AE": Action.EMPTY,
    "UR": Action.EMPTY,
    "DA": Action.DATE,
    "DT": Action.DATE,
    "TM": Action.TIME,
    "UI": Action.UID,
    "AS": Action.AGE,
    "CS": Action.CODE_STRING,
    "DS": Action.NUMBER,
    "IS": Action.NUMBER,
    "SQ": Action.WALK,
}
_LITERAL = {"X": Action.REMOVE, "Z": Action.EMPTY, "D": Action.DUMMY, "U": Action.UID, "X/Z/U*": Action.WALK}
_CHOICE_BY_TYPE = {1: "D", 2: "Z", 3: "X"}
_UNKNOWN_TYPE = {"X/Z": "Z", "X/D": "D", "Z/D": "D", "X/Z/D": "D"}
_BY_VR_IN_DATES = {"DA": Action.DATE, "DT": Action.DATE, "TM": Action.TIME, "SH": Action.ZONE}
_CACHE_LIMIT = 50_000


class DecisionTable:
    """The decisions for one kind of object, remembered by (enclosing sequence, tag, VR)."""

    def __init__(self, sop_class: str) -> None:
        self.iod = iod_of(sop_class)
        self._known: dict[tuple[int, int, str], Decision] = {}

    def decide(self, tag: int, vr: str, parent: int) -> Decision:
        """The decision for an element; `parent` is the enclosing sequence's tag, 0 at the root."""
        key = (parent, tag, vr)
        decision = self._known.get(key)
        if decision is None:
            if len(self._known) > _CACHE_LIMIT:
                self._known.clear()
            decision = self._known[key] = self._decide(tag, vr, parent)
        return decision

    def _decide(self, tag: int, vr: str, parent: int) -> Decision:
        outside = _never_kept(tag, parent)
        if outside:
            return Decision(Action.REMOVE, outside, vr, Action.REMOVE)
        vrs = dictionary_vrs(tag)
        meant = vr if vr in vrs else vrs[0]
        action, rule = self._by_rule(tag, meant, parent)
        fallback = self._fallback(tag, parent)
        if family(vr) != family(meant) and action not in (
            Action.REMOVE,
            Action.EMPTY,
            Action.DUMMY,
            Action.PSEUDONYM,
        ):
            return Decision(_unreadable(fallback), "own:unreadable", meant, fallback)
        written = meant if family(meant) != "number" else vr
        return Decision(action, rule, written, fallback)

    def _by_rule(self, tag: int, vr: str, parent: int) -> tuple[Action, str]:
        own = strengthening.OWN.get(tag)
        if own is not None:
            return own, f"own:{own.name.lower()}:{tag:08X}"
        row = ROWS.get(tag)
        if row is not None:
            return self._by_table(row, tag, vr, parent)
        return self._by_vr(tag, vr, parent)

    def _by_table(self, row: Row, tag: int, vr: str, parent: int) -> tuple[Action, str]:
        if row.action == "C":
            if vr in _BY_VR_IN_DATES and not row.device and tag not in strengthening.NEVER_SHIFTED:
                return _BY_VR_IN_DATES[vr], f"{TABLE}:{tag:08X}:C"
            code = self._resolved(row.basic, tag, vr, parent)
            return _LITERAL[code], f"own:never-shifted:{tag:08X}:{code}"
        code = self._resolved(row.action, tag, vr, parent)
        if vr == "UI" and code == "D":
            return Action.UID, f"{TABLE}:{tag:08X}:D"
        return _LITERAL[code], f"{TABLE}:{tag:08X}:{code}"

    def _resolved(self, code: str, tag: int, vr: str, parent: int) -> str:
        """One action out of X/Z, X/D, Z/D or X/Z/D by the attribute's Type; the safest valid one if that is unknown."""
        if code in _LITERAL:
            return code
        offered = code.split("/")
        kind = attribute_type(self.iod, parent, tag)
        if vr == "SQ" and "X" in offered and (not kind or "Z" not in offered):
            return "X"  # an item without content is no better than none
        wanted = _CHOICE_BY_TYPE.get(kind, _UNKNOWN_TYPE[code])
        if wanted in offered:
            return wanted
        return {"X": offered[0], "Z": "D", "D": "Z"}[wanted]

    def _by_vr(self, tag: int, vr: str, parent: int) -> tuple[Action, str]:
        """The backstop for an element that no rule names."""
        if vr in FREE_TEXT:
            if tag in strengthening.TERMS:
                return Action.TERM, f"own:term:{tag:08X}"
            return self._fallback(tag, parent), f"own:text:{vr}"
        if vr in BULK:
            return (Action.KEEP, "own:bulk") if tag in strengthening.BULK else (Action.REMOVE, "own:binary")
        action = _BACKSTOP.get(vr, Action.KEEP)
        if action is Action.EMPTY:
            return self._fallback(tag, parent), f"own:text:{vr}"
        return action, f"own:vr:{vr}"

    def _fallback(self, tag: int, parent: int) -> Action:
        """What may happen to a value that cannot stay, so that the object remains valid."""
        kind = attribute_type(self.iod, parent, tag)
        return {1: Action.DUMMY, 2: Action.EMPTY}.get(kind, Action.REMOVE)


def _never_kept(tag: int, parent: int) -> str:
    """The rule by which an element goes whatever it holds; empty when it may stay."""
    group, number = tag >> 16, tag & 0xFFFF
    if group & 1:
        return f"{TABLE}:private:X"
    if group in (0x0000, 0x0002, 0x0004) or number == 0:
        return "own:command-file-or-group-length"
    if group >= 0xFFFC:
        return "own:padding"
    if parent and group == 0x7FE0:
        return "own:nested-picture"
    if group & 0xFF00 == 0x5000:
        return f"{TABLE}:50XXXXXX:X"
    if group & 0xFF00 == 0x6000:
        return f"{TABLE}:60XX{number:04X}:X" if number in (0x3000, 0x4000) else "own:overlay"
    return "" if dictionary_vrs(tag) else "own:unknown"


def _unreadable(fallback: Action) -> Action:
    """An element that cannot be read goes where it is optional; where it is not, the file is refused."""
    return Action.REMOVE if fallback is Action.REMOVE else Action.REFUSE


_tables: dict[str, DecisionTable] = {}


def table_for(sop_class: str) -> DecisionTable:
    """The decisions for a SOP class, shared by all files of its IOD."""
    iod = iod_of(sop_class)
    if iod not in _tables:
        _tables[iod] = DecisionTable(sop_class)
    return _tables[iod]

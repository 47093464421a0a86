"""Decides for each element, from its tag, VR, place, object and the profile, what happens to it and by which rule."""

from typing import NamedTuple

from .actions import Action
from .files.representations import BULK, FREE_TEXT, dictionary_vrs, family
from .standard import strengthening
from .standard.attribute_types import attribute_type, iod_of
from .standard.profile import Profile
from .standard.rules import ROWS, TABLE, Row


class Decision(NamedTuple):
    """What happens to an element, the rule that says so, the VR to write, and what happens to an unusable value.

    `option`: the option of the profile by which this differs from the Basic Profile; empty where none does.
    """

    action: Action
    rule: str
    vr: str
    fallback: Action
    option: str = ""


class Ruling(NamedTuple):
    """An action, its rule and its option, before VR and place are looked at."""

    action: Action
    rule: str
    option: str = ""


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
#: How a value that an option retains is still looked at.
_RETAINED = {
    "AS": Action.AGE,
    "CS": Action.CODE_STRING,
    "DS": Action.NUMBER,
    "IS": Action.NUMBER,
    "SQ": Action.WALK,
    **dict.fromkeys(FREE_TEXT, Action.TEXT),
}
_STRICTER = {Action.REMOVE: 4, Action.REFUSE: 4, Action.EMPTY: 3}
_CODES = {"X": 4, "Z": 3, "D": 2, "U": 2}
_REPLACED = frozenset({Action.DUMMY, Action.UID, Action.PSEUDONYM, Action.SITE, Action.DEVICE})
_FITS_ANY = frozenset({Action.REMOVE, Action.EMPTY, Action.DUMMY, Action.PSEUDONYM})
DATE_OPTIONS = ("retain_long_full_dates", "retain_long_modified_dates")
_IDENTITY = ("retain_device_identity", "retain_institution_identity", "retain_uids")
_CACHE_LIMIT = 50_000


class DecisionTable:
    """The decisions for one kind of object under one profile, remembered by (enclosing sequence, tag, VR)."""

    def __init__(self, sop_class: str, profile: Profile) -> None:
        self.iod = iod_of(sop_class)
        self.profile = profile
        #: What was decided before, by (enclosing sequence, tag, VR).
        self.known: dict[tuple[int, int, str], Decision] = {}

    def decide(self, tag: int, vr: str, parent: int) -> Decision:
        """The decision for a public element; `parent` is the enclosing sequence's tag, 0 at the root."""
        key = (parent, tag, vr)
        decision = self.known.get(key)
        if decision is None:
            if len(self.known) > _CACHE_LIMIT:
                self.known.clear()
            decision = self.known[key] = self._decide(tag, vr, parent)
        return decision

    def _decide(self, tag: int, vr: str, parent: int) -> Decision:
        outside = _never_kept(tag, parent)
        if outside:
            return Decision(Action.REMOVE, outside, vr, Action.REMOVE)
        vrs = dictionary_vrs(tag)
        meant = vr if vr in vrs else vrs[0]
        ruling = self._by_project(tag, meant, self._by_rule(tag, meant, parent))
        fallback = self._fallback(tag, parent)
        if family(vr) != family(meant) and ruling.action not in _FITS_ANY:
            return Decision(_unreadable(fallback), "own:unreadable", meant, fallback)
        written = meant if family(meant) != "number" else vr
        return Decision(ruling.action, ruling.rule, written, fallback, ruling.option)

    def backstop(self, vr: str) -> Action:
        """What happens to a value by its VR alone, where no rule names its attribute."""
        return Action.TEXT if vr in FREE_TEXT else _BACKSTOP.get(vr, Action.KEEP)

    def with_project(self, tag: int, decision: Decision) -> Decision:
        """A decision that was made elsewhere, or what the project demands where that is stricter."""
        if tag not in self.profile.project:
            return decision
        ruling = self._by_project(tag, decision.vr, Ruling(decision.action, decision.rule, decision.option))
        return decision._replace(action=ruling.action, rule=ruling.rule, option=ruling.option)

    def _by_project(self, tag: int, vr: str, ruling: Ruling) -> Ruling:
        """The third layer: what a project demands, where that is stricter."""
        code = self.profile.project.get(tag)
        if code is None or _CODES[code] <= _STRICTER.get(ruling.action, 2 if ruling.action in _REPLACED else 1):
            return ruling
        action = Action.UID if vr == "UI" and code in ("U", "D") else _LITERAL["D" if code == "U" else code]
        return Ruling(action, f"project:{tag:08X}:{code}")

    def _by_rule(self, tag: int, vr: str, parent: int) -> Ruling:
        own = strengthening.OWN.get(tag)
        if own is not None:
            return Ruling(own, f"own:{own.name.lower()}:{tag:08X}")
        row = ROWS.get(tag)
        if row is None:
            return self._by_vr(tag, vr, parent)
        return self._by_option(row, tag, vr) or self._by_basic(row, tag, vr, parent)

    def _by_option(self, row: Row, tag: int, vr: str) -> Ruling | None:
        """What the strictest of the chosen options makes of a row; None where the basic action holds."""
        chosen = {name: code for name, code in row.options.items() if self.profile.has(name)}
        for name in (*_IDENTITY, "clean_graphics", "clean_structured_content", "clean_descriptors"):
            if name in chosen:
                return self._under(name, chosen[name], tag, vr)
        if "retain_patient_characteristics" in chosen:
            code = chosen["retain_patient_characteristics"]
            action = _RETAINED.get(vr, Action.KEEP)
            return Ruling(action, f"{TABLE}:{tag:08X}:{code}", "retain_patient_characteristics")
        for name in DATE_OPTIONS:
            # A device's dates are known to others: moved, they would give away by how much.
            if name in chosen and not (chosen[name] == "C" and self._known_to_others(row, tag)):
                return self._under(name, chosen[name], tag, vr)
        return None

    def _under(self, option: str, code: str, tag: int, vr: str) -> Ruling | None:
        rule = f"{TABLE}:{tag:08X}:{code}"
        if option in DATE_OPTIONS:
            action = _BY_VR_IN_DATES.get(vr)
            return None if action is None else Ruling(action, rule, option)
        if option in _IDENTITY:
            return Ruling(Action.KEEP if code == "K" else Action.DEVICE, rule, option)
        if vr == "SQ":
            return Ruling(Action.WALK, rule, option)
        if option == "clean_descriptors" and (vr in FREE_TEXT or vr == "CS"):
            return Ruling(Action.TEXT if vr in FREE_TEXT else Action.CODE_STRING, rule, option)
        return None

    def _known_to_others(self, row: Row, tag: int) -> bool:
        return "retain_device_identity" in row.options or tag in strengthening.NEVER_SHIFTED

    def _by_basic(self, row: Row, tag: int, vr: str, parent: int) -> Ruling:
        code = self._resolved(row.basic, tag, vr, parent)
        rule = f"{TABLE}:{tag:08X}:{code}"
        if "retain_long_modified_dates" in row.options and self.profile.has("retain_long_modified_dates"):
            rule = f"own:never-shifted:{tag:08X}:{code}"
        if "D" in row.basic.split("/"):
            for tags, action in ((strengthening.SITES, Action.SITE), (strengthening.DEVICES, Action.DEVICE)):
                if tag in tags and vr in FREE_TEXT:
                    return Ruling(action, f"own:{action.name.lower()}:{tag:08X}:D")
        if vr == "UI" and code == "D":
            return Ruling(Action.UID, rule)
        return Ruling(_LITERAL[code], rule)

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

    def _by_vr(self, tag: int, vr: str, parent: int) -> Ruling:
        """The backstop for an element that no rule names."""
        if vr in FREE_TEXT:
            if tag in strengthening.TERMS:
                return Ruling(Action.TERM, f"own:term:{tag:08X}")
            if self.profile.has("clean_descriptors"):
                return Ruling(Action.TEXT, f"own:text:{vr}", "clean_descriptors")
            return Ruling(self._fallback(tag, parent), f"own:text:{vr}")
        if vr in BULK:
            kept = tag in strengthening.BULK
            return Ruling(Action.KEEP, "own:bulk") if kept else Ruling(Action.REMOVE, "own:binary")
        action = _BACKSTOP.get(vr, Action.KEEP)
        if action is Action.EMPTY or self._of_the_person(action):
            return Ruling(self._fallback(tag, parent), f"own:vr:{vr}")
        return Ruling(action, f"own:vr:{vr}")

    def _of_the_person(self, action: Action) -> bool:
        """Whether a value of this sort goes because no option retains such values."""
        if action in (Action.DATE, Action.TIME):
            return not any(self.profile.has(option) for option in DATE_OPTIONS)
        return action is Action.AGE and not self.profile.has("retain_patient_characteristics")

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


_tables: dict[tuple[str, str], DecisionTable] = {}


def table_for(sop_class: str, profile: Profile) -> DecisionTable:
    """The decisions for a SOP class under a profile, shared by all files of its IOD."""
    place = (iod_of(sop_class), profile.digest)
    if place not in _tables:
        _tables[place] = DecisionTable(sop_class, profile)
    return _tables[place]

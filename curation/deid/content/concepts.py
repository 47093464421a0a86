"""Decides what happens to a content item, from its concept, its value type and the options (PS3.15 Table E.3.4-1)."""

from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from ..resources import load

TABLE = "PS3.15 E.3.4-1"


class Treatment(StrEnum):
    """What happens to a content item."""

    REMOVE = "remove the item"
    DUMMY = "give its value a dummy"
    CLEAN = "clean its value"
    KEEP = "keep its value"


class Ruling(NamedTuple):
    """What happens to a content item and by which rule.

    `may_go`: whether it may go where its value cannot be cleaned. `option`: the option of the profile by which this
    differs from the Basic Profile; empty where none does.
    """

    treatment: Treatment
    rule: str
    may_go: bool
    option: str = ""


class Concept(NamedTuple):
    """One row of Table E.3.4-1: a concept with one value type."""

    name: str
    basic: str
    options: dict[str, str]


_data = load("sr_concepts.json")
SOURCE: str = _data["source"]
CONCEPTS: dict[str, dict[str, Concept]] = {
    key: {kind: Concept(row["name"], row["basic"], row.get("options", {})) for kind, row in kinds.items()}
    for key, kinds in _data["rows"].items()
}
SUBJECT_CONCEPTS = frozenset({"121029/DCM", "121030/DCM"})  # Subject Name, Subject ID

# With a date of birth moved like the others, an age would be known to the day.
BIRTH_DATES = frozenset({"121031/DCM", "21112-8/LN", "184099003/SCT", "C68615/NCIt"})
# Others know when a device was calibrated: moved, it would give away by how much this donor's dates were moved.
NEVER_SHIFTED = frozenset({"113723/DCM"})  # Calibration DateTime

_TIMES = frozenset({"DATE", "DATETIME", "TIME"})
_FULL_DATES, _MODIFIED_DATES = "retain_long_full_dates", "retain_long_modified_dates"
#: The value types that hold something which somebody wrote; for the others a concept of the table with another value
#: type says nothing: a Finding that is a code is no Finding that is a text.
_WRITTEN = frozenset({"TEXT", "PNAME", "UIDREF", "NUM"}) | _TIMES
#: PS3.3 section C.17.3.2.1 and Table 10-2: the value types of which the value is decided element by element.
_BY_ELEMENT = frozenset(
    {"CODE", "NUM", "COMPOSITE", "IMAGE", "WAVEFORM", "SCOORD", "SCOORD3D", "TCOORD", "CONTAINER", "TABLE"}
)
_BASIC = {"X": Treatment.REMOVE, "D": Treatment.DUMMY, "X/D": Treatment.DUMMY}


@lru_cache(maxsize=4096)
def rule_for(concept: str, kind: str, options: frozenset[str]) -> Ruling:
    """What happens to a content item with a concept ('code/scheme', or empty) and a value type (NUMERIC as NUM).

    Where the table leaves X/D the item gets a dummy: which templates need it is not known. A concept that the table
    does not name is decided by its value type.
    """
    if concept in BIRTH_DATES and kind in _TIMES | {"TEXT"}:
        return Ruling(Treatment.REMOVE, f"own:birth-date:{concept}", True)
    row = CONCEPTS.get(concept, {}).get(kind)
    if row is not None:
        return _by_row(row, concept, options)
    return _by_sibling(concept, kind, options) or _by_value_type(kind, options)


def _by_row(row: Concept, concept: str, options: Collection[str]) -> Ruling:
    code, option = _chosen(row, options)
    may_go = row.basic == "X"
    if option == _MODIFIED_DATES and concept in NEVER_SHIFTED:
        return Ruling(_BASIC[row.basic], f"own:never-shifted:{concept}", may_go)
    if code in _BASIC:
        return Ruling(_BASIC[code], f"{TABLE}:{concept}:{'X' if code == 'X' else 'D'}", may_go)
    return Ruling(Treatment.CLEAN if code == "C" else Treatment.KEEP, f"{TABLE}:{concept}:{code}", may_go, option)


def _chosen(row: Concept, options: Collection[str]) -> tuple[str, str]:
    """The action and the option it is from: cleaning wins over keeping, and without an option the basic one holds."""
    chosen = [(code, option) for option, code in row.options.items() if option in options]
    return min(chosen, default=(row.basic, ""))


def _by_sibling(concept: str, kind: str, options: Collection[str]) -> Ruling | None:
    """The rule of the same concept under another value type, where that takes the value away."""
    if kind not in _WRITTEN:
        return None
    for other, row in CONCEPTS.get(concept, {}).items():
        if other in _WRITTEN and _chosen(row, options)[0] in _BASIC:
            return _by_row(row, concept, options)
    return None


def _by_value_type(kind: str, options: Collection[str]) -> Ruling:
    """What happens to a content item whose concept the table does not name."""
    rule = f"own:content:{kind}"
    if kind in _BY_ELEMENT:
        return Ruling(Treatment.KEEP, rule, False)
    if kind == "UIDREF":
        return Ruling(Treatment.CLEAN, rule, False)
    if kind == "TEXT" and "clean_descriptors" in options:
        return Ruling(Treatment.CLEAN, rule, False, "clean_descriptors")
    if kind in _TIMES and _FULL_DATES in options:
        return Ruling(Treatment.KEEP, rule, False, _FULL_DATES)
    if kind in _TIMES and _MODIFIED_DATES in options:
        return Ruling(Treatment.CLEAN, rule, False, _MODIFIED_DATES)
    if kind in _WRITTEN:
        return Ruling(Treatment.DUMMY, rule, False)
    return Ruling(Treatment.REMOVE, "own:content:unknown", True)

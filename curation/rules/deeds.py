"""What the de-identification engine's rules come to, in the few words that a curator reads. Plain Python."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from pydicom.datadict import dictionary_VR

from core.texts import gettext_noop as _

#: Each deed's code with how it is told; the order is the order in which people read it.
WORDS = {
    "private": _("Manufacturers' private entries removed"),
    "removed": _("Entries removed"),
    "emptied": _("Entries emptied"),
    "replaced": _("Entries replaced by neutral values"),
    "uids": _("Identifiers replaced by new ones"),
    "dates": _("Dates and times moved"),
    "text": _("Free text cut down to common words, or removed"),
    "kept": _("Technical entries checked and kept"),
}
_BY_CODE = {"X": "removed", "Z": "emptied", "D": "replaced", "U": "uids", "X/Z/U*": "uids"}
_BY_OWN = {
    "text": "text",
    "binary": "removed",
    "unknown": "removed",
    "overlay": "removed",
    "padding": "removed",
    "nested-picture": "removed",
    **dict.fromkeys(("private-creator", "private-binary", "private-text"), "private"),
    "birth-date": "removed",
    "site": "replaced",
    "device": "replaced",
    "command-file-or-group-length": "removed",
    "unreadable": "removed",
    "remove": "removed",
    "empty": "emptied",
    "dummy": "replaced",
    "pseudonym": "replaced",
    "uid": "uids",
    "date": "dates",
    "age": "dates",
}
#: The same of the items of structured reports, by their value type (PS3.3 section C.17.3).
_BY_VALUE_TYPE = {
    "PNAME": "replaced",
    "TEXT": "text",
    "UIDREF": "uids",
    **dict.fromkeys(("unknown", "stray"), "removed"),
    **dict.fromkeys(("DATE", "TIME", "DATETIME"), "dates"),
}
_TEXTS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
_BY_VR = {"UI": "uids", "DA": "dates", "DT": "dates", "TM": "dates", "AS": "dates"}


@lru_cache(maxsize=4096)
def deed_of(rule: str) -> str:
    """The deed that a rule's id stands for, such as `removed` for `PS3.15 E.1-1:00080090:X`."""
    parts = rule.split(":")
    if parts[0] == "own":
        if parts[1] == "vr":
            return _BY_VR.get(parts[-1], "kept")
        if parts[1] == "content":
            return _BY_VALUE_TYPE.get(parts[-1], "kept")
        return _BY_CODE[parts[-1]] if parts[1] == "never-shifted" else _BY_OWN.get(parts[1], "kept")
    if parts[-1] == "C":
        return _cleaned(parts[-2])
    return "private" if "private" in parts else _BY_CODE.get(parts[-1], "kept")


def _cleaned(tag: str) -> str:
    """What the action C (PS3.15 Table E.1-1a) comes to for an attribute, by its VR."""
    try:
        vr = dictionary_VR(int(tag, 16))
    except (KeyError, ValueError):
        return "kept"
    return "text" if vr in _TEXTS else _BY_VR.get(vr, "kept")


def summed(decisions: Mapping[str, int]) -> dict[str, int]:
    """Counts by rule id as counts by deed."""
    found: Counter[str] = Counter()
    for rule, count in decisions.items():
        found[deed_of(rule)] += count
    return dict(found)

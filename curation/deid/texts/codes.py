"""Which codes stay: those that have the form of their public scheme, with the meaning that the scheme gives them.

A local code can be anything, also somebody's name; what stands for it is keyed, under a scheme of ours.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ..files.tree import Dataset, text_of
from ..standard.coding_schemes import CODING_SCHEMES
from .vocabulary import UNITS, is_known

SCHEME = 0x00080102
VERSION, MEANING = 0x00080103, 0x00080104
VALUES = (0x00080100, 0x00080119)
LONG_VALUE, URN = 0x00080119, 0x00080120
#: The designator of keyed local codes; PS3.16 section 8.2 has private ones begin with 99.
OURS = b"99DONARA"
_VERSION = re.compile(r"(?:[A-Za-z]{1,3}[ .]?)?\d{1,8}(?:[.\-_/]\d{1,4}){0,3}[A-Za-z]?")
_UNIT = re.compile(r"[A-Za-z]+")
_UNIT_SIGNS = re.compile(r"[A-Za-z0-9 ./*^()\[\]{}'%+:_-]{1,32}")
_MORE_ATOMS = """
a mo wk d min h mol mmol umol nmol pmol g kg ug ng pg l dl pl pa kpa mpa v mv uv kv j kj mj w mw kw n c cel k hg h2o
arb iu u ku t mt rad sr sv msv usv gbq kbq ci mci uci db har ev pt in ft tsp suv bw bsa lbm ibw suvbw ratio counts
propcounts events diop dyn lm lx cd b by bit pixel pixels voxels slices 1
"""
# Atoms of UCUM beside those that a text may name.
_ATOMS = UNITS | frozenset(_MORE_ATOMS.split())


class Code(NamedTuple):
    """A scheme and a code of it, as an item of a code sequence names them."""

    scheme: str
    value: str

    @property
    def is_public(self) -> bool:
        """Whether the scheme is one that anyone can look up."""
        return self.scheme in CODING_SCHEMES


def code_in(item: Dataset) -> Code:
    """What an item says of a code; both texts are empty in items of other sequences."""
    return Code(text_of(item, SCHEME), next(filter(None, (text_of(item, tag) for tag in (*VALUES, URN))), ""))


def is_code(text: str, scheme: str) -> bool:
    """Whether a text is a code of a public scheme by its form, or by being in the standard's lists."""
    if CODING_SCHEMES[scheme].fullmatch(text) or (scheme == "UCUM" and _is_unit(text)):
        return True
    return text in _concepts().get(scheme, {})


def is_version(text: str) -> bool:
    """Whether a text may be the version of a coding scheme: a number, a year or a day."""
    return _VERSION.fullmatch(text) is not None


def is_meaning(text: str, code: Code) -> bool:
    """Whether the standard gives a code this meaning; case and spaces do not count."""
    meant = _concepts().get(code.scheme, {}).get(code.value, frozenset())
    return " ".join(text.lower().split()) in meant


def _is_unit(text: str) -> bool:
    if _UNIT_SIGNS.fullmatch(text) is None or sum(map(str.isdigit, text)) > len("100000"):
        return False
    return all(word.lower() in _ATOMS or is_known(word.lower()) for word in _UNIT.findall(text))


@lru_cache(maxsize=1)
def _concepts() -> dict[str, dict[str, frozenset[str]]]:
    """The meanings by scheme and code that PS3.16 lists, in lower case; read only when a code asks for it."""
    from pydicom.sr._concepts_dict import concepts
    from pydicom.sr._snomed_dict import mapping

    listed: dict[str, Any] = concepts
    found: dict[str, dict[str, frozenset[str]]] = {}
    for scheme, of_it in listed.items():
        meanings = found.setdefault(scheme, {})
        for codes in of_it.values():
            for value, (meaning, _) in codes.items():
                meanings[value] = meanings.get(value, frozenset()) | {" ".join(meaning.lower().split())}
    older = {old: found["SCT"][new] for old, new in mapping["SRT"].items() if new in found["SCT"]}
    return found | dict.fromkeys(("SRT", "SNM3", "99SDM"), older)

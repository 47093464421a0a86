"""Private elements: known by their creator, never by their block's number; which are safe, and what each may hold.

PS3.5 section 7.8 says how blocks are reserved, PS3.15 Table E.3.10-1 which private attributes are known to be safe.
"""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from pydicom._private_dict import private_dictionaries

from ..files.representations import pad
from ..files.tree import Dataset, Element
from ..resources import load
from .acquisition import ACQUISITION, TECHNICAL_TERMS

# By tag >> 8: the group and the block's number.
Creators: TypeAlias = dict[int, str]
SAFE_PRIVATE_TABLE = "PS3.15 E.3.10-1"
_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF
_RESERVED_GROUPS = frozenset({0x0001, 0x0003, 0x0005, 0x0007, 0xFFFF})
_MAX_CREATOR = 64


class PrivateRow(NamedTuple):
    """What is known of one safe private attribute.

    `rule` names the list that it is from; `term`: its text names a technique rather than being made of words.
    """

    vr: str
    meaning: str
    rule: str
    term: bool = False


def _load() -> tuple[str, dict[tuple[str, int], PrivateRow]]:
    content = load("safe_private.json")
    rows: dict[tuple[str, int], PrivateRow] = {}
    for creator, of_it in content["rows"].items():
        for key, (vr, _, meaning) in of_it.items():
            place = creator, int(key.replace("xx", "00"), 16)
            rule = f"{SAFE_PRIVATE_TABLE}:{creator}:{key}"
            rows[place] = PrivateRow(vr, meaning, rule, place in TECHNICAL_TERMS)
    for creator, tag, vr, _, meaning in ACQUISITION:
        rule = f"own:acquisition:{creator}:{tag >> 16:04X}xx{tag & 0xFF:02X}"
        rows.setdefault((creator, tag), PrivateRow(vr, meaning, rule))
    return content["source"], rows


SAFE_PRIVATE_SOURCE, SAFE_PRIVATE = _load()


def without_block(tag: int) -> int:
    """The tag with its block's number, which differs from file to file, as zero."""
    return tag & 0xFFFF00FF


def safe(creator: str, tag: int) -> PrivateRow | None:
    """The row of a safe private attribute; None where its creator is not known for it. Any block number will do."""
    return SAFE_PRIVATE.get((creator, without_block(tag)))


@lru_cache(maxsize=4096)
def private_vr(creator: str, tag: int) -> str:
    """The VR of a private element that the file does not name: our list's, else pydicom's dictionary's; else UN."""
    row = safe(creator, tag)
    if row is not None and len(row.vr) == 2:
        return row.vr
    known = private_dictionaries.get(creator)
    if known is None:
        return "UN"
    entry = known.get(f"{tag >> 16:04X}xx{tag & 0xFF:02X}")
    vrs = entry[0].split(" or ") if entry else ["UN"]
    return vrs[0] if len(vrs) == 1 else "UN"


def is_creator(tag: int) -> bool:
    """Whether a tag is that of a private creator element, (gggg,0010-00FF) in an odd group."""
    return bool(tag >> 16 & 1) and _FIRST_BLOCK <= tag & 0xFFFF <= _LAST_BLOCK


def creator_of(element: Element) -> str:
    """The creator that a creator element names, without its padding; empty where it names none that may be used."""
    if element.items is not None or len(element.value) > _MAX_CREATOR + 1 or element.tag >> 16 in _RESERVED_GROUPS:
        return ""
    text = element.text()
    return text.decode("ascii") if text.isascii() else ""


def creators(dataset: Dataset) -> Creators:
    """The creator of each private block of one data set or item, which must be in the order of the file.

    A block whose creator is missing, is named twice, or comes after an element of its block has none: what is in it
    cannot be known, so that nothing of it stays.
    """
    found: Creators = {}
    broken: set[int] = set()
    for element in dataset:
        tag = element.tag
        if not tag >> 16 & 1:
            continue
        if is_creator(tag):
            block = tag >> 16 << 8 | tag & 0xFF
            if block in found:
                broken.add(block)
            found[block] = creator_of(element)
        elif tag >> 8 not in found:
            broken.add(tag >> 8)
    return {block: creator for block, creator in found.items() if creator and block not in broken}


def with_creators(kept: dict[int, Element], known: Creators) -> dict[int, Element]:
    """The kept elements of one data set by tag, and the creator of each block that still holds one, and of no other.

    A creator's text is that of our own lists, since no element stays but by them.
    """
    for block in {tag >> 8 for tag in kept if tag >> 16 & 1 and not is_creator(tag)}:
        tag = block >> 8 << 16 | block & 0xFF
        kept[tag] = Element(tag, "LO", pad(known[block].encode("ascii"), "LO"))
    return kept

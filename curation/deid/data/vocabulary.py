"""Makes vocabulary.json, the words that may stay in titles and descriptions; run by hand when a source changes.

    python -m curation.deid.data.vocabulary

Words of PS3.16 code meanings, PS3.6 attribute names and UID names (as pydicom carries them) that are no one's name,
and our own list of words that protocol names use. `vocabulary.names.txt` holds the words of the standard that are
also given names or surnames and say little about a picture; `vocabulary.own.txt` our own, which wins.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary
from pydicom.sr._concepts_dict import concepts as _concepts

from curation.deid.texts.spellings import folded, plain

HERE = Path(__file__).parent
# Drugs and animals bear names of people and places; breeds are context groups of their own.
SCHEMES_LEFT_OUT = frozenset({"RXNORM", "NDC", "ITIS_TSN", "BARI"})
GROUPS_LEFT_OUT = frozenset({7480, 7481, 7486, 7490})
_WORD = re.compile(r"[a-z]+")
_SMALL = re.compile(r"(?<= )[a-z]{4,}(?![A-Za-z])")
concepts: dict[str, Any] = _concepts


def meanings() -> Iterator[str]:
    """The meaning of every code of PS3.16 but for those left out."""
    for scheme, codes in concepts.items():
        if scheme in SCHEMES_LEFT_OUT:
            continue
        for by_value in codes.values():
            for meaning, groups in by_value.values():
                if not groups or not GROUPS_LEFT_OUT.issuperset(groups):
                    yield meaning


def listed(name: str) -> set[str]:
    """The words of one of our own lists; lines with # are comments."""
    lines = (HERE / name).read_text(encoding="ascii").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def words() -> list[str]:
    """The vocabulary in order.

    A word of a meaning counts when two meanings have it, or one within its sentence in small letters: eponyms stand
    alone and with a capital.
    """
    all_meanings = list(meanings())
    of_codes = Counter(word for meaning in all_meanings for word in set(_WORD.findall(folded(meaning))))
    small = {word for meaning in all_meanings for word in _SMALL.findall(plain(meaning))}
    named = [entry[2] for entry in DicomDictionary.values()] + [entry[0] for entry in UID_dictionary.values()]
    found = {word for name in named for word in _WORD.findall(folded(name))}
    found |= {word for word, count in of_codes.items() if count > 1} | small
    long_enough = {word for word in found if len(word) > 2}
    return sorted(long_enough - listed("vocabulary.names.txt") | listed("vocabulary.own.txt"))


if __name__ == "__main__":
    source = "Words of DICOM PS3.6 and PS3.16 as pydicom carries them, without names, and of protocol names"
    content = json.dumps({"source": source, "words": " ".join(words())}, indent=0)
    (HERE / "vocabulary.json").write_text(content + "\n", encoding="ascii")

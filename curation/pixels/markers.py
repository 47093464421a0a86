"""The closed list of markings that stay in a picture: sides, views and positions (data/markers.json)."""

import json
import re
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "markers.json"
#: Below this a reading is not taken for a marking: a short name read badly must not become one.
SURE = 0.9
_WORD = re.compile(r"[^\s,;:()/.]+")
MOST_WORDS = 3


def is_marker(text: str, score: float) -> bool:
    """Whether all that is written in a place is markings, read with high confidence."""
    words = _WORD.findall(text.upper())
    return score >= SURE and 0 < len(words) <= MOST_WORDS and all(word in markers() for word in words)


@lru_cache(maxsize=1)
def markers() -> frozenset[str]:
    """The words, in capitals."""
    return frozenset(json.loads(FILE.read_text(encoding="utf-8"))["markers"])

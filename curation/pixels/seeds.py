"""What the headers said about a donor, looked for in what was read in a picture, with the errors that reading makes."""

import re
from collections.abc import Iterable
from functools import lru_cache

from curation.deid.texts.spellings import folded

#: A seed of so many letters or digits and no fewer is looked for, and one that is shorter only where it stands alone.
LEAST, LEAST_ALONE = 4, 2
#: So many letters of a seed may be read wrongly, one for so many.
WRONG_ONE_IN = 5
_PARTS = re.compile(r"[\W_]+")
#: Letters and digits that are read for one another, each group as one sign. 'rn' and 'm' are told below.
_ALIKE = str.maketrans("0qd" + "1i|!" + "5" + "86" + "27" + "9vct", "ooo" + "llll" + "s" + "bb" + "zz" + "guef")


class Seeds:
    """What is looked for in one picture."""

    def __init__(self, texts: Iterable[str]) -> None:
        """`texts`: names, numbers and dates in any spelling; each is looked for as a whole and by its parts."""
        parts = {part for text in texts for part in (text, *_PARTS.split(text))}
        self._long = sorted(each for each in map(skeleton, parts) if len(each) >= LEAST)
        self._short = frozenset(each for each in map(_short, parts) if LEAST_ALONE <= len(each) < LEAST)

    def said(self, text: str) -> bool:
        """Whether something that was read may be one of them."""
        whole = skeleton(text)
        if self._short and not self._short.isdisjoint(_short(word) for word in (text, *_PARTS.split(text))):
            return True
        return any(_occurs(seed, whole) for seed in self._long)


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """A text without what reading mixes up: letter case, accents, spaces and signs, and letters that look alike."""
    return _short(text).replace("rn", "m").translate(_ALIKE).replace("ll", "l")


def _short(text: str) -> str:
    """A short word as it is compared: letter by letter, since any two letters are like some others."""
    return _PARTS.sub("", folded(text))


@lru_cache(maxsize=200_000)
def _occurs(seed: str, text: str) -> bool:
    """Whether the seed stands in the text but for a few letters: Sellers' edit distance to any part of it (1980)."""
    most = len(seed) // WRONG_ONE_IN
    if seed in text:
        return True
    if not most or len(text) < len(seed) - most:
        return False
    row = list(range(len(seed) + 1))
    for letter in text:
        before, row[0] = row[0], 0
        for n, wanted in enumerate(seed, 1):
            before, row[n] = row[n], min(before + (letter != wanted), row[n] + 1, row[n - 1] + 1)
        if row[-1] <= most:
            return True
    return False

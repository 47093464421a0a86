"""What is asked of echoes on the way to an outcome: where all answers were no, it holds wherever they are no again."""

import re
from typing import NamedTuple

from .spellings import folded

TOKEN = re.compile(r"[^\W_]+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = bytes(code for code in range(128) if not chr(code).isalnum())
_NONE: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """Some questions, all of which were answered with no.

    `words` were asked for as they are; within `texts`, in ASCII, something may stand, and `squeezed` is what they are
    without anything but letters and digits; `days` (YYYYMMDD) are those that the texts may mean.
    """

    words: frozenset[str] = _NONE
    texts: bytes = b""
    squeezed: bytes = b""
    days: frozenset[str] = _NONE

    def __or__(self, other: "Asked") -> "Asked":
        """The questions of both."""
        if other is NOTHING_ASKED or self is NOTHING_ASKED:
            return self if other is NOTHING_ASKED else other
        texts, squeezed = self.texts + b"\n" + other.texts, self.squeezed + b"\n" + other.squeezed
        return Asked(self.words | other.words, texts, squeezed, self.days | other.days)


NOTHING_ASKED = Asked()


def words_in(text: str) -> set[str]:
    """The words and numbers of a text in lower case and plain: whole, and the runs that they are made of."""
    if text.isdigit():
        return {text, text.lstrip("0")}
    tokens = set(TOKEN.findall(folded(text)))
    runs = tokens | {run for token in tokens if not token.isalpha() for run in _RUN.findall(token)}
    runs |= {token.lstrip("0") for token in tokens if token[:1] == "0"}
    if _CAMEL.search(text):
        runs.update(TOKEN.findall(folded(_CAMEL.sub(" ", text))))
    return runs


def squeezed_of(text: bytes) -> bytes:
    """A text in ASCII in lower case without anything but letters and digits."""
    return text.lower().translate(None, _NOT_WORD)

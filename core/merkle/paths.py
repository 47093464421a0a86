"""Which subtrees a proof is made of (RFC 6962, sections 2.1.1 and 2.1.2), said without looking at any hash."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce

from core.merkle.hashing import EMPTY, node_hash

#: The entries from the first number up to, not with, the second; the first is a multiple of what is below it.
Span = tuple[int, int]
#: A complete subtree: its level (2 ** level entries), and its place among those of its level.
Node = tuple[int, int]
#: Reads the hashes of complete subtrees, all that are wanted at once.
Reader = Callable[[Iterable[Node]], Mapping[Node, bytes]]


def split(count: int) -> int:
    """The largest power of two that is smaller than `count` (two or more): where RFC 6962 cuts a tree."""
    return 1 << (count - 1).bit_length() - 1


def inclusion(index: int, size: int) -> list[Span]:
    """The spans that prove entry `index` to be in the log of `size` entries, lowest first."""
    if not 0 <= index < size:
        raise ValueError("there is no such entry in a log of this size")
    found, low, high = [], 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency(first: int, second: int) -> list[Span]:
    """The spans that prove the log of `second` entries to begin with that of `first`, lowest first."""
    if not 0 <= first <= second:
        raise ValueError("a log only grows: the first size must not be the larger one")
    if first in (0, second):
        return []
    found, low, high, whole = [], 0, second, True
    while first != high:
        middle = low + split(high - low)
        if first <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low, whole = middle, False
    return ([] if whole else [(low, high)]) + found[::-1]


def nodes(span: Span) -> list[Node]:
    """The complete subtrees that a span is made of, from left to right."""
    low, high = span
    found = []
    while low < high:
        level = (high - low).bit_length() - 1
        found.append((level, low >> level))
        low += 1 << level
    return found


def read(spans: Iterable[Span], reader: Reader) -> list[bytes]:
    """The hash of each span."""
    parts = [nodes(span) for span in spans]
    known = reader({node for part in parts for node in part})
    return [_fold([known[node] for node in part]) for part in parts]


def head(size: int, reader: Reader) -> bytes:
    """The head of the log when it held `size` entries."""
    return read([(0, size)], reader)[0] if size else EMPTY


def _fold(hashes: list[bytes]) -> bytes:
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))

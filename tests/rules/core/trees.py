"""Trees for tests: the definition of RFC 6962 as it is written there, and mutations of what proves something."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.merkle.hashing import EMPTY, leaf_hash, node_hash
from core.merkle.paths import Node, split


def mth(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash over leaf hashes, straight from section 2.1."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node_hash(mth(leaves[:middle]), mth(leaves[middle:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of section 2.1.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return [*path(index, leaves[:middle]), mth(leaves[middle:])]
    return [*path(index - middle, leaves[middle:]), mth(leaves[:middle])]


def subproof(first: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of section 2.1.2."""
    if first == len(leaves):
        return [] if whole else [mth(leaves)]
    middle = split(len(leaves))
    if first <= middle:
        return [*subproof(first, leaves[:middle], whole), mth(leaves[middle:])]
    return [*subproof(first - middle, leaves[middle:], False), mth(leaves[:middle])]


def hashed(data: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of entries."""
    return [leaf_hash(each) for each in data]


def reader(leaves: Sequence[bytes]):  # type: ignore[no-untyped-def]  # a function for core.merkle.paths.read
    """Reads complete subtrees out of a list of leaves."""

    def read(wanted: Iterable[Node]) -> Mapping[Node, bytes]:
        return {(level, index): mth(leaves[index << level : (index + 1) << level]) for level, index in wanted}

    return read


def flipped(proof: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The proof with each single bit changed, one at a time."""
    for place, part in enumerate(proof):
        for bit in range(8 * len(part)):
            changed = bytearray(part)
            changed[bit // 8] ^= 1 << bit % 8
            yield [*proof[:place], bytes(changed), *proof[place + 1 :]]

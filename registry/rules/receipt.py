"""What a donor keeps of a donation: each file's digest under one root hash, which anybody can compute. Plain Python."""

from collections.abc import Iterable, Mapping
from typing import Final

from core.canonical import canonical_json
from core.merkle.hashing import complete, leaf_hash
from core.merkle.paths import Node, head

FORMAT: Final = "donara-donation-receipt-1"


def in_order(files: Iterable[tuple[str, int]]) -> list[dict[str, str | int]]:
    """The files, given as (SHA-256 in hexadecimal digits, bytes), as the receipt lists them: by their digests."""
    return [{"sha256": sha256, "size": size} for sha256, size in sorted(files)]


def root_of(files: Iterable[tuple[str, int]]) -> str:
    """The head, in hexadecimal digits, of the tree (RFC 6962, 2.1) whose leaves are the listed files as canonical JSON.

    The order in which they came, and by which door, makes no difference.
    """
    hashes = [leaf_hash(canonical_json(entry).encode()) for entry in in_order(files)]

    def read(nodes: Iterable[Node]) -> Mapping[Node, bytes]:
        return {(level, place): complete(hashes[place << level : (place + 1) << level]) for level, place in nodes}

    return head(len(hashes), read).hex()

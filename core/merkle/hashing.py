"""How a leaf and a pair of subtrees are hashed (RFC 6962, section 2.1): a leaf can never be taken for a node."""

import hashlib
from collections.abc import Sequence

#: The head of a log that holds nothing.
EMPTY = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def above(hashes: Sequence[bytes]) -> list[bytes]:
    """The next row of a complete tree over `hashes`, an even number of them."""
    return [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]


def complete(hashes: Sequence[bytes]) -> bytes:
    """The head of a complete tree over `hashes`; their number is a power of two."""
    while len(hashes) > 1:
        hashes = above(hashes)
    return hashes[0]

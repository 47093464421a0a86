"""A donation's root hash: that of RFC 6962 over the listed files, whatever the order in which they came."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json
from core.merkle.hashing import EMPTY
from registry.rules.receipt import in_order, root_of

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
FILES = st.lists(st.tuples(DIGESTS, st.integers(0, 1 << 40)), max_size=20)


def by_the_book(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + by_the_book(leaves[:half]) + by_the_book(leaves[half:])).digest()


@given(FILES)
def test_the_root_is_the_standards_and_no_order_changes_it(files: list[tuple[str, int]]) -> None:
    leaves = [canonical_json(entry).encode() for entry in in_order(files)]
    for order in (files, files[::-1], sorted(files)):
        assert root_of(order) == by_the_book(leaves).hex()


@given(FILES.filter(bool), st.data())
def test_another_size_or_digest_or_one_file_less_is_another_root(
    files: list[tuple[str, int]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(files) - 1))
    sha256, size = files[place]
    others = [*files[:place], *files[place + 1 :]]
    for changed in ([*others, (sha256, size + 1)], [*others, (sha256[::-1] + "0", size)], others):
        assert root_of(changed) != root_of(files)


def test_nothing_has_the_root_of_an_empty_tree() -> None:
    assert root_of([]) == EMPTY.hex()
    with pytest.raises(IndexError):
        in_order([])[0]

"""The log's tree: known vectors, every proof, every single bit of it changed; two verifiers that agree."""

import io
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audit import verify
from core.merkle import note, paths
from core.merkle.checking import consistent, included
from core.merkle.hashing import EMPTY
from core.merkle.tiles import WIDTH, Edge, pick, place_of, rows
from tests.rules.core.trees import flipped, hashed, mth, path, reader, subproof
from tests.rules.core.vectors import LEAVES, ROOTS, SIGNATURES

trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70).map(hashed)
KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"a key for tests").digest())
PUBLIC = KEY.public_key().public_bytes_raw()


def also_included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """What verify.py says."""
    try:
        return verify.root_of_path(leaf, index, size, proof) == root
    except verify.Broken:
        return False


def also_consistent(first: int, second: int, old: bytes, new: bytes, proof: list[bytes]) -> bool:
    """What verify.py says."""
    try:
        verify.check_growth(("log", first, old), ("log", second, new), proof)
    except verify.Broken:
        return False
    return True


@pytest.mark.parametrize("size", range(9))
def test_known_heads(size: int) -> None:
    leaves = hashed(LEAVES[:size])
    edge = Edge()
    edge.add(leaves)
    assert mth(leaves) == paths.head(size, reader(leaves)) == edge.root() == ROOTS[size]


def test_the_empty_tree() -> None:
    assert paths.head(0, reader([])) == Edge().root() == EMPTY == sha256(b"").digest()
    assert consistent(0, 3, EMPTY, ROOTS[3], [])
    assert also_consistent(0, 3, EMPTY, ROOTS[3], [])
    assert not consistent(0, 3, ROOTS[1], ROOTS[3], [])
    assert not included(ROOTS[1], 0, 0, [], EMPTY)
    with pytest.raises(ValueError, match="no such entry"):
        paths.inclusion(0, 0)


def test_the_seven_leaves_of_the_rfc() -> None:
    """Section 2.1.3: PATH(0), PATH(3), PATH(4), PATH(6); PROOF(3), PROOF(4), PROOF(6) of seven entries."""
    a, b, c, d, e, f, j = leaves = hashed(LEAVES[:7])
    g, h, i = mth([a, b]), mth([c, d]), mth([e, f])
    k, l = mth([a, b, c, d]), mth([e, f, j])  # noqa: E741  (the RFC's own names)
    read = reader(leaves)
    assert paths.read(paths.inclusion(0, 7), read) == [b, h, l]
    assert paths.read(paths.inclusion(3, 7), read) == [c, g, l]
    assert paths.read(paths.inclusion(4, 7), read) == [f, j, k]
    assert paths.read(paths.inclusion(6, 7), read) == [i, k]
    assert paths.read(paths.consistency(3, 7), read) == [c, d, g, l]
    assert paths.read(paths.consistency(4, 7), read) == [l]
    assert paths.read(paths.consistency(6, 7), read) == [i, j, k]


@given(trees, st.data())
def test_every_entry_can_be_proved(leaves: list[bytes], data: st.DataObject) -> None:
    size, root = len(leaves), mth(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = paths.read(paths.inclusion(index, size), reader(leaves))
    assert proof == path(index, leaves)
    assert included(leaves[index], index, size, proof, root)
    assert also_included(leaves[index], index, size, proof, root)


@given(trees, st.data())
def test_every_earlier_log_can_be_proved(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    first = data.draw(st.integers(0, size))
    proof = paths.read(paths.consistency(first, size), reader(leaves))
    assert first == 0 or proof == subproof(first, leaves)
    assert consistent(first, size, mth(leaves[:first]), mth(leaves), proof)
    assert also_consistent(first, size, mth(leaves[:first]), mth(leaves), proof)


def test_all_proofs_of_all_small_trees() -> None:
    for size in range(1, 34):
        leaves = hashed(bytes([place]) for place in range(size))
        read, root = reader(leaves), mth(leaves)
        for index in range(size):
            proof = paths.read(paths.inclusion(index, size), read)
            for place in range(-1, size + 1):
                right = place == index
                assert included(leaves[index], place, size, proof, root) == right
                assert also_included(leaves[index], place, size, proof, root) == right
        for first in range(size + 1):
            proof = paths.read(paths.consistency(first, size), read)
            for other in range(size + 1):
                old = mth(leaves[:first])
                assert consistent(other, size, old, root, proof) == (other == first)
                assert also_consistent(other, size, old, root, proof) == (other == first)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 7), (3, 7), (6, 7), (4, 8), (12, 13)])
def test_no_bit_of_an_inclusion_proof_can_change(index: int, size: int) -> None:
    leaves = hashed(bytes([place]) for place in range(size))
    root, proof = mth(leaves), path(index, leaves)
    for check in (included, also_included):
        assert check(leaves[index], index, size, proof, root)
        for leaf, *changed, head in flipped([leaves[index], *proof, root]):
            assert not check(leaf, index, size, changed, head)
        for changed in ([*proof, root], proof[:-1] if proof else [root], [*reversed(proof), root]):
            assert not check(leaves[index], index, size, changed, root)


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 2), (3, 7), (4, 7), (6, 7), (7, 8), (8, 8), (6, 13)])
def test_no_bit_of_a_consistency_proof_can_change(first: int, second: int) -> None:
    leaves = hashed(bytes([place]) for place in range(second))
    old, new, proof = mth(leaves[:first]), mth(leaves), subproof(first, leaves)
    for check in (consistent, also_consistent):
        assert check(first, second, old, new, proof)
        for one, *changed, other in flipped([old, *proof, new]):
            assert not check(first, second, one, other, changed)
        for changed in ([*proof, new], proof[:-1] if proof else [new]):
            assert not check(first, second, old, new, changed)


@given(trees, st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.data())
def test_both_verifiers_say_the_same_of_anything(
    leaves: list[bytes], made_up: list[bytes], data: st.DataObject
) -> None:
    size = len(leaves)
    index, first = data.draw(st.integers(-1, size + 1)), data.draw(st.integers(0, size))
    proof = data.draw(
        st.sampled_from([made_up, path(min(max(index, 0), size - 1), leaves), subproof(first, leaves) if first else []])
    )
    leaf = leaves[min(max(index, 0), size - 1)]
    assert included(leaf, index, size, proof, mth(leaves)) == also_included(leaf, index, size, proof, mth(leaves))
    old = mth(leaves[: data.draw(st.sampled_from([first, max(first - 1, 0)]))])
    assert consistent(first, size, old, mth(leaves), proof) == also_consistent(first, size, old, mth(leaves), proof)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_however_a_tree_grows_its_tiles_are_the_same(batches: list[int]) -> None:
    leaves = hashed(number.to_bytes(4, "big") for number in range(sum(batches)))
    edge, tiles, start = Edge(), {}, 0
    for batch in batches:
        for tile in edge.add(leaves[start : start + batch]):
            assert (tile.level, tile.index) not in tiles, "a tile is written once"
            tiles[tile.level, tile.index] = [tile.hashes[at : at + 32] for at in range(0, len(tile.hashes), 32)]
        start += batch
    assert edge.root() == mth(leaves)
    for (level, index), hashes in tiles.items():
        assert len(hashes) == WIDTH
        if level == 0:
            assert hashes == leaves[index * WIDTH : (index + 1) * WIDTH]
        assert pick((8 * level + 3, index * 32 + 5), rows(hashes)) == mth(hashes[40:48])
        assert place_of((8 * level + 3, index * 32 + 5)) == (level, index)


@pytest.mark.parametrize(("public", "message", "signature"), SIGNATURES)
def test_known_signatures(public: bytes, message: bytes, signature: bytes) -> None:
    assert verify.is_signed(public, message, signature)
    assert not verify.is_signed(public, message + b"x", signature)
    for changed in [*flipped([public, signature[:32], signature[32:]])][:: 1 if message == b"" else 29]:
        assert not verify.is_signed(changed[0], message, changed[1] + changed[2])


def test_a_signature_in_a_second_spelling_is_refused() -> None:
    """S + L signs the same equation; RFC 8032 asks that it be refused, so that a signature has one form."""
    public, message, signature = SIGNATURES[1]
    scalar = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.is_signed(public, message, signature[:32] + scalar.to_bytes(32, "little"))
    assert not verify.is_signed(verify.P.to_bytes(32, "little"), message, signature)


heads = st.builds(
    note.Head, st.just("registry.example/log"), st.integers(0, 2**62), st.binary(min_size=32, max_size=32)
)


@settings(max_examples=20, deadline=None)
@given(heads)
def test_a_signed_head_is_read_by_both(head: note.Head) -> None:
    signed, key = note.sign(head, KEY), note.public_text(head.origin, PUBLIC)
    assert note.check(signed, [key]) == head
    assert verify.read_head(signed, [verify.parse_key(key)]) == (head.origin, head.size, head.root)
    assert note.parse_public(key) == verify.parse_key(key) == (head.origin, PUBLIC)


def test_no_character_of_a_signed_head_can_change() -> None:
    head = note.Head("registry.example/log", 7, ROOTS[7])
    signed, key = note.sign(head, KEY), note.public_text(head.origin, PUBLIC)
    for place in range(len(signed)):
        for bit in range(7):
            changed = signed[:place] + chr(ord(signed[place]) ^ 1 << bit) + signed[place + 1 :]
            with pytest.raises(note.NoteError):
                note.check(changed, [key])
            with pytest.raises(verify.Broken):
                verify.read_head(changed, [verify.parse_key(key)])


def test_another_key_or_another_logs_head_is_refused() -> None:
    head = note.Head("registry.example/log", 7, ROOTS[7])
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    for key in (note.public_text(head.origin, other), note.public_text("other.example/log", PUBLIC)):
        with pytest.raises(note.NoteError):
            note.check(note.sign(head, KEY), [key])
        with pytest.raises(verify.Broken):
            verify.read_head(note.sign(head, KEY), [verify.parse_key(key)])
    for text in ("", "x", "a+b+c", f"{head.origin}+00000000+AAAA"):
        with pytest.raises(note.NoteError):
            note.parse_public(text)
        with pytest.raises(verify.Broken):
            verify.parse_key(text)


def test_a_forked_log_has_no_consistency_proof() -> None:
    """Whoever kept the head of five entries finds that the log of seven was written anew."""
    leaves = hashed(LEAVES[:7])
    forked = [*leaves[:3], hashed([b"something else"])[0], *leaves[4:]]
    proof = subproof(5, forked)
    assert consistent(5, 7, mth(forked[:5]), mth(forked), proof)
    assert not consistent(5, 7, mth(leaves[:5]), mth(forked), proof)
    assert not also_consistent(5, 7, mth(leaves[:5]), mth(forked), proof)


def test_a_file_that_is_no_receipt_is_no_proof(tmp_path: Path) -> None:
    for text in ("{}", '{"type":"consent receipt","log":{"entries":[],"keys":[]}}'):
        (tmp_path / "r.json").write_text(text)
        assert verify.main([str(tmp_path / "r.json")], io.StringIO()) == 2
    (tmp_path / "r.json").write_text('{"type":"consent receipt","log":{"entries":[{}],"keys":["x"]}}')
    assert verify.main([str(tmp_path / "r.json")], io.StringIO()) == 1

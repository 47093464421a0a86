"""The public log: what sealing an event takes against hashing its leaf, and what proofs take in a log of a million."""

import random
from collections.abc import Callable
from functools import partial

from benchmarks.ground.measure import Times, timed
from benchmarks.ground.registry import backends, fresh
from benchmarks.ground.report import Report, ratio

ROUNDS, EVENTS = 5, 4_000
LEAVES, PROOFS = 1_000_000, 300


def sealing(report: Report) -> None:
    """Batches of a thousand, in turns with the least that a tree takes: each leaf and each node hashed once."""
    from core.actors import SystemActor
    from core.audit.models import Event
    from core.audit.record import record_all
    from core.audit.work import seal
    from core.merkle.hashing import leaf_hash
    from core.merkle.tiles import Edge
    from tests.factories.core import programme

    subject, by = programme("bench"), SystemActor("bench")
    data = [bytes(200) + number.to_bytes(4, "big") for number in range(EVENTS)]
    times = {name: Times() for name in ("seal", "floor", "alone")}

    def floor() -> None:
        edge = Edge()
        edge.add([leaf_hash(each) for each in data])
        edge.root()

    def drain() -> None:
        while seal():
            continue

    drain()
    for _ in range(ROUNDS):
        record_all("bench.done", [subject] * EVENTS, by=by, data={"digest": "0" * 64})
        timed(drain, times["seal"])
        timed(floor, times["floor"])
    for _ in range(40):
        record_all("bench.done", [subject], by=by)
        timed(drain, times["alone"])
    each = {name: 1000 * times[name].median / EVENTS for name in ("seal", "floor")}
    report.figure(f"seal an event, of {EVENTS:,} ({backends()})", each["seal"], "ms CPU", floor=ratio(*each.values()))
    report.figure("seal one event alone: edge read, head checked, head signed", 1000 * times["alone"].median, "ms CPU")
    assert not Event.objects.filter(sequence=None).exists()


def million(report: Report) -> None:
    """A log of a million leaves: growing it, proofs out of it, and both verifiers."""
    from core.merkle.checking import consistent, included
    from core.merkle.hashing import leaf_hash

    times = {name: Times() for name in ("hash", "grow", "inclusion", "consistency", "append")}
    data = [number.to_bytes(4, "big") * 50 for number in range(LEAVES)]
    leaves: list[bytes] = []
    timed(lambda: leaves.extend(map(leaf_hash, data)), times["hash"])
    head = _put(leaves, times["grow"])
    from core.audit import tree

    chance, found = random.Random(1), list[list[bytes]]()
    for _ in range(PROOFS):
        index, first = chance.randrange(LEAVES), chance.randrange(1, LEAVES)
        timed(partial(_kept, found, tree.inclusion, index), times["inclusion"])
        timed(partial(_kept, found, tree.consistency, first), times["consistency"])
        assert included(leaves[index], index, LEAVES, found[-2], head)
        assert consistent(first, LEAVES, tree.head(first), head, found[-1])
    for _ in range(20):
        timed(partial(_append, LEAVES), times["append"])
    hashing = 1000 * times["hash"].median
    grown = 1000 * times["grow"].median
    report.figure("the floor: hash a million leaves", hashing, "ms CPU", floor=1.0)
    report.figure("grow the tree over them, tiles stored", grown, "ms CPU", floor=ratio(grown, hashing))
    for name in ("inclusion", "consistency"):
        each = 1000 * times[name].median
        report.figure(f"{name} proof among a million", each, "ms CPU", floor=ratio(each, hashing))
    each = 1000 * times["append"].median
    report.figure("read the edge of a million, append one leaf, head", each, "ms CPU", floor=ratio(each, hashing))


def _kept(found: list[list[bytes]], prove: Callable[[int, int], list[bytes]], number: int) -> None:
    found.append(prove(number, LEAVES))


def _put(leaves: list[bytes], times: Times) -> bytes:
    """Stores the tiles of a tree, and events for what lies beyond them."""
    from core.actors import SystemActor
    from core.audit.models import Event, Tile
    from core.audit.record import record_all
    from core.merkle.tiles import WIDTH, Edge
    from tests.factories.core import programme
    from tests.ground.guards import unguarded

    with unguarded():
        for table in (Event, Tile):
            _empty(table._meta.db_table)
    edge = Edge()

    def grow() -> None:
        for start in range(0, len(leaves), 10_000):
            done = edge.add(leaves[start : start + 10_000])
            Tile.objects.bulk_create(
                [Tile(level=tile.level, index=tile.index, hashes=tile.hashes, root=tile.root) for tile in done]
            )

    timed(grow, times)
    rest = leaves[len(leaves) - len(leaves) % WIDTH :]
    record_all("bench.done", [programme("edge")] * (len(rest) + 1), by=SystemActor("bench"))
    _place(rest, len(leaves) - len(rest))
    return edge.root()


def _empty(table: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def _place(leaves: list[bytes], before: int) -> None:
    from django.db.models import QuerySet

    from core.audit.models import Event

    events = Event.objects.filter(sequence=None).values_list("pk", flat=True)
    for place, (pk, leaf) in enumerate(zip(list(events), leaves, strict=False), before + 1):
        QuerySet(Event).filter(pk=pk).update(sequence=place, leaf=leaf, digest="0" * 64)


def _append(size: int) -> None:
    """What one more event costs the tree: its edge read, its head computed, checked and computed again."""
    from core.audit import tree

    edge = tree.edge(size)
    edge.root()
    edge.add([bytes(32)])
    edge.root()


def verifying(report: Report) -> None:
    """The stand-alone program: one head's signature in plain Python, and one proof of twenty hashes."""
    from hashlib import sha256

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from core.audit import verify

    key = Ed25519PrivateKey.from_private_bytes(sha256(b"bench").digest())
    public, text = key.public_key().public_bytes_raw(), b"registry.example/log\n1000000\n" + bytes(44)
    signature, proof = key.sign(text), [sha256(bytes([place])).digest() for place in range(20)]
    times = {name: Times() for name in ("signature", "proof")}
    for _ in range(30):
        timed(lambda: verify.is_signed(public, text, signature), times["signature"])
        timed(lambda: verify.root_of_path(bytes(32), 123_456, 1 << 20, proof), times["proof"])
    report.figure("verify.py: a head's signature", 1000 * times["signature"].median, "ms CPU")
    report.figure("verify.py: an inclusion proof among a million", 1000 * times["proof"].median, "ms CPU")


def main() -> None:
    """Sealing, a million leaves, verifying."""
    fresh()
    report = Report("log")
    sealing(report)
    million(report)
    verifying(report)
    report.write()


if __name__ == "__main__":
    main()

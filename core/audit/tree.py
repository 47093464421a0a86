"""Reads the log's tree: complete tiles from their table, the right-hand edge from the events that lie beyond them."""

from collections.abc import Iterable, Mapping

from core.audit.models import Event, Tile
from core.merkle import paths
from core.merkle.paths import Node
from core.merkle.tiles import WIDTH, Edge, Place, pick, place_of, rows

HASH = 32


class LogTorn(Exception):
    """A part of the tree is missing or does not fit: the log was changed from outside."""

    #: The alarm that it raises (core/audit/alarms.py).
    alarm = "head"


def edge(size: int) -> Edge:
    """The right-hand edge of the tree of this size, to append to; raises LogTorn."""
    found, count, level = Edge(size), size, 0
    while count:
        hashes = _beyond(level, count - count % WIDTH, count)
        if len(hashes) != count % WIDTH:
            raise LogTorn("edge")
        found.levels.append(hashes)
        count, level = count // WIDTH, level + 1
    return found


def nodes(wanted: Iterable[Node]) -> Mapping[Node, bytes]:
    """The hashes of complete subtrees, by one query a level; raises LogTorn where the log does not hold them."""
    places: dict[Place, list[Node]] = {}
    for node in set(wanted):
        places.setdefault(place_of(node), []).append(node)
    tiles = _tiles(places)
    try:
        return {node: pick(node, tiles[place]) for place, inside in places.items() for node in inside}
    except (IndexError, KeyError):
        raise LogTorn("node") from None


def head(size: int) -> bytes:
    """The head of the log when it held so many entries."""
    return paths.head(size, nodes)


def inclusion(index: int, size: int) -> list[bytes]:
    """The proof that entry `index` is in the log of this size."""
    return paths.read(paths.inclusion(index, size), nodes)


def consistency(first: int, second: int) -> list[bytes]:
    """The proof that the log of the second size begins with that of the first."""
    return paths.read(paths.consistency(first, second), nodes)


def _tiles(places: Iterable[Place]) -> dict[Place, list[list[bytes]]]:
    found: dict[Place, list[list[bytes]]] = {}
    levels: dict[int, set[int]] = {}
    for level, index in places:
        levels.setdefault(level, set()).add(index)
    for level, indexes in levels.items():
        whole = Tile.objects.filter(level=level, index__in=indexes).values_list("index", "hashes")
        found |= {(level, index): rows(_cut(bytes(hashes))) for index, hashes in whole}
        for index in indexes:
            if (level, index) not in found:
                found[level, index] = rows(_beyond(level, index * WIDTH, (index + 1) * WIDTH))
    return found


def _beyond(level: int, start: int, end: int) -> list[bytes]:
    """The hashes of a tile that is not complete: events' leaves, or the heads of the tiles below."""
    if level == 0:
        leaves = Event.objects.filter(sequence__gt=start, sequence__lte=end).order_by("sequence")
        return [bytes(leaf or b"") for leaf in leaves.values_list("leaf", flat=True)]
    below = Tile.objects.filter(level=level - 1, index__gte=start, index__lt=end).order_by("index")
    return [bytes(root) for root in below.values_list("root", flat=True)]


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[place : place + HASH] for place in range(0, len(hashes), HASH)]

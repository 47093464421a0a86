"""Tiles: a tree's complete subtrees in blocks eight levels high, so that a proof reads a few rows and not the log."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.merkle.hashing import EMPTY, above, complete, node_hash
from core.merkle.paths import Node

HEIGHT = 8
WIDTH = 1 << HEIGHT
#: A tile: its level (0 holds leaves, 1 the heads of 256 of those …) and its place among those of its level.
Place = tuple[int, int]


def place_of(node: Node) -> Place:
    """The tile that a subtree lies in."""
    level, index = node
    return level // HEIGHT, index >> HEIGHT - level % HEIGHT


def rows(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """A tile's hashes and what follows from them: each row holds the subtrees one level higher that are complete."""
    found = [list(hashes)]
    while len(found[-1]) > 1:
        found.append(above(found[-1][: len(found[-1]) & ~1]))
    return found


def pick(node: Node, tile: Sequence[Sequence[bytes]]) -> bytes:
    """A subtree's hash out of the rows of its tile; raises IndexError where the log does not reach so far."""
    level, index = node
    row = level % HEIGHT
    return tile[row][index & (WIDTH >> row) - 1]


@dataclass(frozen=True)
class Full:
    """A tile that is complete and will never change."""

    level: int
    index: int
    hashes: bytes
    root: bytes


@dataclass
class Edge:
    """The right-hand edge of a growing tree: of each level the hashes of the tile that is not complete yet."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    def add(self, leaves: Sequence[bytes]) -> list[Full]:
        """Appends leaves; returns the tiles that this completes, lower ones first."""
        done: list[Full] = []
        self._extend(0, self.size, leaves, done)
        self.size += len(leaves)
        return done

    def _extend(self, level: int, count: int, hashes: Sequence[bytes], done: list[Full]) -> None:
        """`count` is how many hashes the level has had so far."""
        while len(self.levels) <= level:
            self.levels.append([])
        waiting = [*self.levels[level], *hashes]
        first, roots = count // WIDTH, []
        while len(waiting) >= WIDTH:
            whole, waiting = waiting[:WIDTH], waiting[WIDTH:]
            roots.append(complete(whole))
            done.append(Full(level, first + len(roots) - 1, b"".join(whole), roots[-1]))
        self.levels[level] = waiting
        if roots:
            self._extend(level + 1, first, roots, done)

    def root(self) -> bytes:
        """The head of the tree as it is now."""
        found: bytes | None = None
        for hashes in self.levels:
            for row in range(HEIGHT):
                if len(hashes) >> row & 1:
                    end = len(hashes) >> row << row
                    part = complete(hashes[end - (1 << row) : end])
                    found = part if found is None else node_hash(part, found)
        return EMPTY if found is None else found

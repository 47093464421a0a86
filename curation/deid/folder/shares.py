"""Gives out work: a series stays with one process, and so does a subject where it can."""

from collections import deque
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Shares(Generic[Piece]):
    """Pieces of work, in order, by subject and series; `take` empties it."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], deque[Piece]] = {}
        self._free: dict[str, list[tuple[str, str]]] = {}
        self._at: dict[int, tuple[str, str]] = {}

    def add(self, subject: str, series: str, piece: Piece) -> None:
        """Puts a piece behind those of its series."""
        place = (subject, series)
        if place not in self._series:
            self._series[place] = deque()
            self._free.setdefault(subject, []).insert(0, place)
        self._series[place].append(piece)

    def take(self, who: int) -> Piece | None:
        """The next piece for one process; None when all are given out."""
        place = self._at.get(who)
        if place is None or place not in self._series:
            place = self._next(place[0] if place else None)
            if place is None:
                return self._from_the_longest()
            self._at[who] = place
        return self._taken(place, last=False)

    def _next(self, subject: str | None) -> tuple[str, str] | None:
        """A series that nobody is at: of the same subject, else of one nobody is at, else any."""
        if not self._free:
            return None
        if subject not in self._free:
            busy = {at[0] for at in self._at.values() if at in self._series}
            subject = next((each for each in self._free if each not in busy), next(iter(self._free)))
        place = self._free[subject].pop()
        if not self._free[subject]:
            del self._free[subject]
        return place

    def _from_the_longest(self) -> Piece | None:
        if not self._series:
            return None
        return self._taken(max(self._series, key=lambda place: len(self._series[place])), last=True)

    def _taken(self, place: tuple[str, str], last: bool) -> Piece:
        pieces = self._series[place]
        piece = pieces.pop() if last else pieces.popleft()
        if not pieces:
            del self._series[place]
        return piece

"""Workers that meet trouble: a store that answers 500, a death between two steps, a second worker at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from consent.work import withdrawal
from core.due.run import drain
from core.storage.store import StoreUnreachable, store

#: What may happen at a place: nothing; the store refuses; it does it and the answer is lost; the worker dies there;
#: it dies after it was done; another worker does everything that is due in between.
KINDS = ("goes_well", "refuses", "answer_lost", "dies_before", "dies_after", "another_worker")


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: no handler of errors sees it, and open transactions roll back."""


class Trouble:
    """What is to happen at the next places, one after another; at the places after these all goes well."""

    def __init__(self, patches: pytest.MonkeyPatch) -> None:
        self.coming: list[str] = []
        self.met = 0
        kind = type(store())  # undone, a patch of the store itself would stay with it, and hide later ones of its kind
        for deed in ("put", "delete", "holds"):
            patches.setattr(kind, deed, self._at_store(getattr(kind, deed)))
        patches.setattr(withdrawal, "attempt", self._at_step(withdrawal.attempt))

    @contextmanager
    def ahead(self, kinds: Sequence[str]) -> Iterator[None]:
        """For the length of the block."""
        self.coming = list(kinds)
        try:
            yield
        finally:
            self.coming = []

    def _at_store(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def at(*args: Any) -> Any:
            what = self._next()
            if what == "refuses":
                raise StoreUnreachable("The store answers 500.")
            done = deed(*args)
            if what == "answer_lost":
                raise StoreUnreachable("The store did not answer.")
            self._die_if(what == "dies_after")
            return done

        return at

    def _at_step(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        """Between two duties of a withdrawal there is no store to fail: only death, and others at work."""

        def at(*args: Any) -> Any:
            self._next()
            done = deed(*args)
            self._die_if(self._next() == "dies_after")
            return done

        return at

    def _next(self) -> str:
        what = self.coming.pop(0) if self.coming else "goes_well"
        self.met += what != "goes_well"
        self._die_if(what == "dies_before")
        if what == "another_worker":
            for pk in withdrawal.open_withdrawals():
                withdrawal.advance(pk)
        return what

    def _die_if(self, dies: bool) -> None:
        if dies:
            raise Killed


def drain_through(trouble: Trouble, kinds: Sequence[str]) -> None:
    """Workers do what is due and meet this trouble; one that is killed is not missed before its lease ends."""
    with trouble.ahead(kinds):
        try:
            drain()
        except Killed:
            return

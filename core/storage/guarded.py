"""A store as a process of one role may use it; every other use is refused before the store is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import BinaryIO

from core.errors import Unavailable
from core.storage.interface import Capabilities, Store
from core.storage.roles import May, Role, may
from core.storage.zones import Zone

#: Whether this very piece of code hands a donor's own file back to that donor.
_giving_back: ContextVar[bool] = ContextVar("giving_back", default=False)


class StoreRefused(Unavailable):
    """This process may not do this in that zone: somebody called from a place that nobody thought of."""

    default_code = "store_refused"


@contextmanager
def giving_back() -> Iterator[None]:
    """Inside, a web process may open an object of quarantine: for the donor who sent it and nobody else."""
    token = _giving_back.set(True)
    try:
        yield
    finally:
        _giving_back.reset(token)


class Guarded:
    """The store behind it, for `role`; `gives_back` says whether this process hands donors their own files."""

    def __init__(self, store: Store, role: Role, *, gives_back: bool) -> None:
        self.store, self.role, self.gives_back = store, role, gives_back

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        return self._for(zone, May.PUT).put(zone, key, data)

    def replace(self, zone: Zone, key: str, data: BinaryIO) -> None:
        self._for(zone, May.PUT | May.ERASE).replace(zone, key, data)

    def open(self, zone: Zone, key: str) -> BinaryIO:
        if zone == Zone.QUARANTINE and self.gives_back and _giving_back.get():
            return self.store.open(zone, key)
        return self._for(zone, May.READ).open(zone, key)

    def start(self, zone: Zone, key: str, size: int) -> bytes:
        return self._for(zone, May.READ).start(zone, key, size)

    def exists(self, zone: Zone, key: str) -> bool:
        return self._for(zone, May.LOOK).exists(zone, key)

    def holds(self, zone: Zone, key: str) -> bool:
        return self._for(zone, May.LOOK).holds(zone, key)

    def delete(self, zone: Zone, key: str) -> None:
        self._for(zone, May.ERASE).delete(zone, key)

    def keys(self, zone: Zone) -> Iterator[str]:
        return self._for(zone, May.LOOK).keys(zone)

    def tidy(self, zone: Zone, before: datetime) -> int:
        return self._for(zone, May.ERASE).tidy(zone, before)

    def probe(self) -> Capabilities:
        return self.store.probe()

    def _for(self, zone: Zone, what: May) -> Store:
        if not may(self.role, zone, what):
            raise StoreRefused("This part of the registry may not use these files.")
        return self.store

"""A store as a process of one role may use it; every other use is refused before the store is asked."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from core.errors import Unavailable
from core.storage.interface import Capabilities, Store
from core.storage.roles import May, Role, may
from core.storage.zones import Zone


class StoreRefused(Unavailable):
    """This process may not do this in that zone: somebody called from a place that nobody thought of."""

    default_code = "store_refused"


class Guarded:
    """The store behind it, for `role`."""

    def __init__(self, store: Store, role: Role) -> None:
        self.store, self.role = store, role

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        return self._for(zone, May.PUT).put(zone, key, data)

    def replace(self, zone: Zone, key: str, data: BinaryIO) -> None:
        self._for(zone, May.PUT | May.ERASE).replace(zone, key, data)

    def open(self, zone: Zone, key: str) -> BinaryIO:
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

"""The interface that every store keeps, and the two ways in which it says no."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

import structlog

from core.errors import Unavailable
from core.full import SENTENCE, NoRoom, is_full
from core.storage.zones import Zone
from core.texts import gettext_noop as _

AWAY = _(
    "The registry's file store does not answer at this moment. What was kept before is safe. Try again in a few "
    "minutes."
)
log = structlog.get_logger(__name__)


class NoSuchObject(Exception):
    """There are no bytes under that zone and key."""


class AlreadyThere(Exception):
    """There are bytes under that zone and key; they were left as they are."""


class StoreUnreachable(Unavailable):
    """The store did not answer, or refused; the sentence names no object."""

    default_code = "store_unreachable"

    @classmethod
    def while_it(cls, deed: str, error: Exception) -> "StoreUnreachable":
        """What a person reads when the store failed to do its `deed`, such as `write`; the log is told of the error's
        class."""
        log.warning("store failed", deed=deed, error=type(error).__name__, full=is_full(error))
        return cls(SENTENCE, NoRoom.default_code) if is_full(error) else cls(AWAY)


@dataclass(frozen=True)
class Capabilities:
    """What a store was seen to do when it was probed."""

    conditional_put: bool
    versions: bool


class Store(Protocol):
    """Objects by zone and opaque key. A put is whole or not at all and never overwrites other bytes."""

    def put(self, zone: Zone, key: str, data: BinaryIO) -> int:
        """Stores the rest of `data`; returns its size in bytes. What is put appears whole or not at all.

        Raises AlreadyThere, and StoreUnreachable; whatever reading `data` raises is passed on.
        """
        ...

    def replace(self, zone: Zone, key: str, data: BinaryIO) -> None:
        """Stores the rest of `data` in place of what lies there, whole or not at all; no older version stays."""
        ...

    def open(self, zone: Zone, key: str) -> BinaryIO:
        """A readable stream; raises NoSuchObject."""
        ...

    def start(self, zone: Zone, key: str, size: int) -> bytes:
        """The first `size` bytes, or all where there are fewer, and no more than these fetched; raises NoSuchObject."""
        ...

    def exists(self, zone: Zone, key: str) -> bool: ...

    def holds(self, zone: Zone, key: str) -> bool:
        """Whether anything of it lies there: an older version behind a deletion, or an unfinished part, too."""
        ...

    def delete(self, zone: Zone, key: str) -> None:
        """Removes every version and every unfinished part of it; no error when nothing is there."""
        ...

    def keys(self, zone: Zone) -> Iterator[str]: ...

    def tidy(self, zone: Zone, before: datetime) -> int:
        """Removes what writes begun before that moment left unfinished; returns how many."""
        ...

    def probe(self) -> Capabilities:
        """Writes, reads and removes a small object; raises StoreUnreachable with a sentence that says what to set."""
        ...

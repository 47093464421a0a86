"""The embedded broker: Celery messages as files in a folder, for a Donara without Redis.

kombu's own filesystem transport writes a message in place before it takes the lock, so that a reader can move a file
that is still empty: the message is lost and the worker dies on it. It writes its table of queues the same way, and a
kill in that moment keeps every later worker from starting. Here a message appears whole, by rename, is taken by
rename, one that cannot be used is set aside, and the one queue needs no table. No message is trusted to arrive anyway:
see core/due.
"""

import json
import os
import time
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import virtual

from core.ids import new_id

#: What Celery reads of a message before it decides anything; a message without them would end the worker.
PARTS = {"body": str, "headers": dict, "properties": dict}
#: A half-written or taken message this old, in seconds, was left by a process that died.
OLD = 3600


class Channel(virtual.Channel):
    """A channel whose messages appear and vanish by rename, within one file system."""

    do_restore = True

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.root = Path(connection.client.transport_options["folder"])
        self.seen: dict[str, deque[str]] = {}

    def _new_queue(self, queue: str, **_: Any) -> None:
        """A queue is nothing but the ending of its messages' names."""

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        name = f"{time.time_ns():020d}_{new_id()}.{queue}.msg"
        draft = self.root / "drafts" / name
        draft.write_text(json.dumps(message))
        os.replace(draft, self.root / "messages" / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        # The folder is listed once for all that it holds: listing it for each message is slow when thousands wait.
        names = self.seen.get(queue) or deque(self._names(queue))
        self.seen[queue] = names
        while names:
            payload = self._take(names.popleft())
            if payload is not None:
                return payload
        raise Empty

    def _take(self, name: str) -> dict[str, Any] | None:
        """The message of that name, or None when another worker was quicker or when it is of no use."""
        taken = self.root / "taken" / name
        try:
            os.rename(self.root / "messages" / name, taken)
        except FileNotFoundError:
            return None
        try:
            payload = json.loads(taken.read_bytes())
        except ValueError:
            payload = None
        if isinstance(payload, dict) and all(isinstance(payload.get(part), kind) for part, kind in PARTS.items()):
            taken.unlink()
            return payload
        os.replace(taken, self.root / "unusable" / name)
        return None

    def _names(self, queue: str) -> list[str]:
        """The waiting messages, oldest first."""
        return sorted(n for n in os.listdir(self.root / "messages") if n.partition(".")[2] == f"{queue}.msg")

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self.root / "messages" / name).unlink(missing_ok=True)
        return len(names)


class Transport(virtual.Transport):
    """The transport behind `folder:` broker addresses."""

    Channel = Channel
    # Each process binds its queues for itself, as with kombu's in-memory transport.
    global_state: ClassVar[virtual.BrokerState] = virtual.BrokerState()
    implements = virtual.Transport.implements.extend(asynchronous=False, exchange_type=frozenset(["direct"]))
    default_port = 0
    driver_type = driver_name = "folder"

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"


def options(folder: Path) -> dict[str, Any]:
    """Celery's `broker_transport_options` for a broker in `folder`, which is made if it is missing."""
    for name in ("messages", "drafts", "taken", "unusable"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("drafts", "taken"):
        _forget_old(folder / name)
    return {"folder": str(folder), "polling_interval": 0.1}


def _forget_old(folder: Path) -> None:
    for file in folder.iterdir():
        try:
            if file.stat().st_mtime < time.time() - OLD:
                file.unlink()
        except FileNotFoundError:
            continue  # another process that starts was quicker

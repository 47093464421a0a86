"""The embedded broker: Celery messages as files in a folder, for a Donara without Redis.

kombu's own filesystem transport writes a message in place before it takes the lock, so that a reader can move a file
that is still empty: the message is lost and the worker dies on it. Here a message appears whole, by rename, is taken by
rename, and one that cannot be read is set aside. No message is trusted to arrive anyway: see core/due.
"""

import json
import os
import time
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem

from core.ids import new_id


class Channel(filesystem.Channel):
    """A channel whose messages appear and vanish by rename, within one file system."""

    @property
    def folder(self) -> Path:
        """Where messages wait."""
        return Path(self.data_folder_in)

    def _put(  # type: ignore[override]  # kombu names this argument in two ways itself
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        name = f"{time.time_ns():020d}_{new_id()}.{queue}.msg"
        draft = self.folder.parent / "drafts" / name
        draft.write_text(json.dumps(payload))
        os.replace(draft, self.folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = self.folder.parent / "taken" / name
            try:
                os.rename(self.folder / name, taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            try:
                payload = json.loads(taken.read_text())
            except ValueError:
                continue  # set aside in `taken` for a person to look at
            taken.unlink()
            if isinstance(payload, dict):
                return payload
        raise Empty


class Transport(filesystem.Transport):
    """The transport behind `folder:` broker addresses."""

    Channel = Channel


def options(folder: Path) -> dict[str, Any]:
    """Celery's `broker_transport_options` for a broker in `folder`, which is made if it is missing."""
    for name in ("messages", "drafts", "taken", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    messages = str(folder / "messages")
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(folder / "control"),
        "polling_interval": 0.1,
    }

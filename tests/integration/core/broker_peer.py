"""A process at a folder broker: `broker_peer write FOLDER NAME COUNT`, or `broker_peer read FOLDER SECONDS`."""

import itertools
import sys
import time
from pathlib import Path
from queue import Empty

from kombu import Connection

from core.broker import options

TRANSPORT = "core.broker:Transport"


def connect(folder: Path) -> Connection:
    """A connection to the broker in `folder`."""
    return Connection(transport=TRANSPORT, transport_options=options(folder) | {"polling_interval": 0.02})


def write(folder: Path, name: str, count: int) -> None:
    """Puts messages `name-0`, `name-1` …; for ever where `count` is negative."""
    with connect(folder).SimpleQueue("work") as queue:
        for number in itertools.count() if count < 0 else range(count):
            queue.put(f"{name}-{number}")


def read(folder: Path, patience: float) -> list[str]:
    """What can be read, until nothing has come for `patience` seconds."""
    found = []
    with connect(folder).SimpleQueue("work") as queue:
        last = time.monotonic()
        while time.monotonic() - last < patience:
            try:
                message = queue.get(timeout=0.1)
            except Empty:
                continue
            message.ack()
            found.append(message.payload)
            last = time.monotonic()
    return found


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        sys.stdout.write("\n".join(read(Path(sys.argv[2]), float(sys.argv[3]))))

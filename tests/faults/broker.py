"""A broker that a test may kill: a Redis of its own, which forgets everything when it dies."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings

from tests.faults.tree import Tree, until


class Redis:
    """A server on a port of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Starts it, empty."""
        own = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        self.process = subprocess.Popen(["redis-server", *own], stdout=subprocess.DEVNULL)
        until(self.answers, 30)

    def answers(self) -> bool:
        """Whether it can be asked."""
        try:
            with redis.Redis(port=self.port, socket_timeout=1) as asked:
                return bool(asked.ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        """Ends it at once, with all that it holds."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It takes connections, and answers none."""
        os.kill(self.process.pid, signal.SIGSTOP)


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    """A Redis that the test may kill."""
    made = Redis(folder)
    try:
        yield made
    finally:
        made.kill()


def empty_broker(running: Tree) -> None:
    """Loses every message that waits at the tree's broker."""
    if settings.BROKER != "folder:":
        with redis.Redis.from_url(settings.BROKER) as asked:
            asked.flushdb()
    for message in (Path(running.environment["DONARA_VAR"]) / "broker" / "messages").glob("*.msg"):
        message.unlink(missing_ok=True)

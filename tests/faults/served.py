"""The application as it is served, in a thread of the test's own: to look at one connection, no tree is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn

from tests.faults.tree import until


class Served:
    """A running server. It can be asked who is connected, and whether it is at work."""

    def __init__(self, application: Any, host: str) -> None:
        how = {"log_level": "critical", "lifespan": "off", "ws": "none", "timeout_keep_alive": 1}
        self.server = uvicorn.Server(uvicorn.Config(application, host=host, port=0, **how))
        self.thread = Thread(target=self.server.run, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    def is_idle(self) -> bool:
        """Nobody is connected, and nothing is being answered."""
        return not self.server.server_state.connections and not self.server.server_state.tasks


@contextmanager
def served(application: Any, host: str = "127.0.0.1") -> Iterator[Served]:
    """Serves an ASGI application on a free port, until the block ends."""
    running = Served(application, host)
    running.thread.start()
    until(lambda: running.server.started, 30, pause=0.01)
    yield running
    running.server.should_exit = True
    running.thread.join(30)

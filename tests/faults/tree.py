"""A running process tree over the test's own database, broker and store, whose parts can be killed one by one."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
#: Seconds after which a dead worker's work is taken over.
LEASE = "2"
#: What a part's processes have in their command lines, and how many there are of each.
PARTS = {"gunicorn": 3, " cleaner@": 3, " runner@": 2, " beat ": 1}


def database_url() -> str:
    """The address of the database that this test is using."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(found['NAME']))}"
    who = f"{quote(found['USER'])}:{quote(found['PASSWORD'])}"
    return f"postgresql://{who}@{found['HOST']}:{found['PORT']}/{quote(str(found['NAME']))}"


def until(holds: Callable[[], object], seconds: float = 120, pause: float = 0.1) -> None:
    """Waits until `holds()`; the limit only keeps a failure from lasting for ever."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(pause)


class Tree:
    """Web server, workers and beat under one root. Its processes are known by the folder in their environment."""

    def __init__(self, var: Path, env: Mapping[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.mark = f"DONARA_VAR={var}"
        self.log = var / "log"
        embedded = {} if settings.BROKER != "folder:" else {"DONARA_BROKER_URL": "folder:"}
        self.environment = {
            **os.environ,
            **embedded,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DONARA_LEASE_SECONDS": LEASE,
            "DONARA_MODE": "demo",
            "DONARA_VAR": str(var),
            "PORT": str(self.port),
            **env,
        }
        self.start()

    def start(self) -> None:
        """Starts the root, which starts the rest."""
        with self.log.open("ab") as log:
            self.root = subprocess.Popen(
                [ROOT / "scripts" / "process-tree"], env=self.environment, stdout=log, stderr=log
            )

    def processes(self) -> dict[int, str]:
        """Number and command line of everything that runs with this tree's folder."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark in (folder / "environ").read_bytes().decode(errors="replace").split("\0"):
                    command = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
                    found[int(folder.name)] = command
            except OSError:
                continue  # it ended while we looked, or is not ours to look at
        return {pid: command for pid, command in found.items() if command}

    def of(self, part: str) -> set[int]:
        """The processes of one of PARTS; ` worker ` stands for those of both kinds."""
        return {pid for pid, command in self.processes().items() if part in command}

    def kill(self, part: str) -> set[int]:
        """Ends every process of a part at once, as a power cut would; returns which."""
        killed = self.of(part)
        for pid in killed:
            kill(pid)
        return killed

    def kill_all(self) -> None:
        """Ends the whole tree at once."""
        for pid in self.processes():
            kill(pid)
        self.root.wait()
        until(lambda: not self.processes())

    def answers(self) -> bool:
        """Whether the web server takes connections."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def complete(self) -> bool:
        """Whether every part runs."""
        return all(len(self.of(part)) == number for part, number in PARTS.items()) and self.answers()


def kill(pid: int) -> None:
    """SIGKILL to one process, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def tree(var: Path, env: Mapping[str, str] | None = None) -> Iterator[Tree]:
    """A complete process tree with its files in `var`; killed at the end. `env` goes before what it would be given.

    Inside, the test and the tree work on the same rows: the test needs `django_db(transaction=True)`.
    """
    running = Tree(var, env or {})
    try:
        until(lambda: running.complete() or running.root.poll() is not None)
        assert running.complete(), running.log.read_text()
        yield running
    finally:
        running.kill_all()

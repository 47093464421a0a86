"""The process tree starts what dies again, ends whole when told to, and leaves nothing behind when it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.xdist_group("process trees")

ROOT = Path(settings.BASE_DIR)


class Tree:
    """A running process tree on its own port, with its own data; its processes are known by their environment."""

    def __init__(self, var: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        embedded = {"DATABASE_URL": f"sqlite:///{var}/db.sqlite3", "DONARA_BROKER_URL": "folder:"}
        self.mark = f"DONARA_VAR={var}"
        self.environment = (
            os.environ
            | embedded
            | {
                "DONARA_VAR": str(var),
                "DONARA_STORE": f"folder:{var}/objects",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "PORT": str(self.port),
            }
        )
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=self.environment, check=True)
        with (var / "log").open("wb") as log:
            self.root = subprocess.Popen(
                [ROOT / "scripts" / "process-tree"], env=self.environment, stdout=log, stderr=log
            )

    def processes(self) -> dict[int, str]:
        """Number and command line of everything that runs with this tree's data."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark in (folder / "environ").read_bytes().decode(errors="replace").split("\0"):
                    found[int(folder.name)] = (
                        (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
                    )
            except OSError:
                continue  # it ended while we looked, or is not ours to look at
        return {pid: command for pid, command in found.items() if command}

    def of(self, word: str) -> set[int]:
        """The processes whose command line holds `word`."""
        return {pid for pid, command in self.processes().items() if word in command}

    def children(self) -> set[int]:
        """The tree's three direct children: web server, worker and beat, each without its own processes."""
        parent = f"PPid:\t{self.root.pid}\n"
        return {pid for pid in self.processes() if parent in Path(f"/proc/{pid}/status").read_text()}

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def complete(self) -> bool:
        """Web server with two processes, worker with two, and beat."""
        return (
            self.answers()
            and len(self.of("gunicorn")) == 3
            and len(self.of(" worker ")) == 3
            and len(self.of(" beat ")) == 1
        )


def until(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether `holds` comes true; the limit only keeps a failure from lasting for ever."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    tree = Tree(tmp_path)
    try:
        assert until(tree.complete), (tmp_path / "log").read_text()
        yield tree
    finally:
        for pid in tree.processes():
            os.kill(pid, signal.SIGKILL)
        tree.root.wait()


def test_what_is_killed_is_started_again_and_nothing_outlives_the_tree(tree: Tree) -> None:
    first = tree.processes()
    for pid in tree.children():
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: tree.complete() and tree.root.pid in tree.processes())
    assert len(set(tree.processes()) - set(first)) == 7
    os.kill(tree.root.pid, signal.SIGKILL)
    tree.root.wait()
    assert until(lambda: not tree.processes()), tree.processes()


def test_a_tree_that_is_told_to_stop_stops_whole(tree: Tree) -> None:
    tree.root.terminate()
    tree.root.wait()
    assert not tree.processes()
    assert not tree.answers()

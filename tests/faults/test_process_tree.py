"""The process tree starts what dies again, ends whole when told to, and leaves nothing behind when it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.tree import PARTS, ROOT, Tree, tree, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("process trees")]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Tree]:
    """A tree that the test may end."""
    with tree(tmp_path) as each:
        yield each


def children(of: Tree) -> set[int]:
    """The tree's direct children: web server, cleaner, runner and beat, each without its own processes."""
    parent = f"PPid:\t{of.root.pid}\n"
    return {pid for pid in of.processes() if parent in Path(f"/proc/{pid}/status").read_text()}


def test_what_is_killed_is_started_again(running: Tree) -> None:
    first = running.processes()
    assert len(children(running)) == len(PARTS)
    for pid in children(running):
        os.kill(pid, signal.SIGKILL)
    until(lambda: running.complete() and len(set(running.processes()) - set(first)) == sum(PARTS.values()))
    assert running.root.pid in running.processes()


def test_nothing_outlives_the_tree(own: Tree) -> None:
    own.root.kill()
    own.root.wait()
    until(lambda: not own.processes())


@pytest.mark.parametrize("parent", ["ends", "lives", "is itself"])
def test_a_child_of_a_worker_does_not_outlive_it(parent: str) -> None:
    """Whoever is killed just after a fork leaves a child that has not yet asked the kernel to be killed as well.

    A worker that works itself (--pool solo) says that it begins, too.
    """
    ends, forks = parent == "ends", parent != "is itself"
    program = f"""
import os, time
from celery.signals import worker_process_init
from config.celery import remember_the_parent
remember_the_parent()
parent = os.getpid()
if {forks} and os.fork():
    os._exit(0) if {ends} else os.wait()
    os._exit(0)
while {ends} and os.getppid() == parent:
    time.sleep(0.01)
worker_process_init.send(sender=None)
print("goes on", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ("" if ends else "goes on\n")


def test_a_tree_that_is_told_to_stop_stops_whole(own: Tree) -> None:
    own.root.terminate()
    own.root.wait()
    assert not own.processes()
    assert not own.answers()

"""Each test process works in a place of its own, and what it starts works in the same one."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

SHOW = "import tests.ground.settings as s; print(s.VAR, s.OBJECT_STORE['kind'], s.SECRET_KEY, s.BROKER, sep='|')"


def child(**environment: str) -> list[str]:
    """What a child process finds its settings to be."""
    run = subprocess.run(
        [sys.executable, "-c", SHOW],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
    )
    return run.stdout.strip().split("|")


def test_a_child_finds_its_parents_place() -> None:
    folder, kind, key, broker = child()
    assert (Path(folder), kind) == (settings.VAR, settings.OBJECT_STORE["kind"])
    assert (key, broker) == (settings.SECRET_KEY, settings.BROKER)


def test_another_test_process_finds_another() -> None:
    here, there = child(), child(PYTEST_XDIST_WORKER="gw77")
    assert Path(there[0]).name == "gw77"
    assert Path(there[0]).parent == Path(here[0]).parent
    assert here[2] != there[2]


def test_two_processes_use_different_redis_numbers() -> None:
    numbers = [
        child(PYTEST_XDIST_WORKER=f"gw{n}", DONARA_BROKER_URL="redis://default:x@127.0.0.1:1/0")[3] for n in (7, 8)
    ]
    assert numbers == ["redis://default:x@127.0.0.1:1/8", "redis://default:x@127.0.0.1:1/9"]

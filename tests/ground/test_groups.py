"""Tests of one group share a worker, and so what was made for them once: a fixture, a browser, a process tree."""

import subprocess
import sys
from pathlib import Path

TESTS = """
import os
import pytest
pytestmark = pytest.mark.xdist_group("together")

@pytest.mark.parametrize("number", range(8))
def test_notes_its_worker(number):
    with open("workers", "a") as notes:
        notes.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_a_group_stays_together(tmp_path: Path) -> None:
    (tmp_path / "test_together.py").write_text(TESTS)
    command = ["-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-p", "no:django", "-p", "no:cacheprovider"]
    subprocess.run([sys.executable, *command, "-c", "/dev/null", "."], cwd=tmp_path, check=True, capture_output=True)
    workers = (tmp_path / "workers").read_text().split()
    assert len(workers) == 8
    assert len(set(workers)) == 1

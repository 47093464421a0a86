"""Runs one training program in a real sandbox from start to end and prints what came of it (a program of its own)."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training_jobs.executors import record
from training_jobs.executors.bubblewrap import BubblewrapExecutor
from training_jobs.executors.stage import Programs
from training_jobs.executors.templates import load_template
from training_jobs.rules.specification import Specification, specify

DIGEST = "ab" * 32
DESCRIPTION: dict[str, Any] = {
    "name": "trial",
    "version": "1.0.0",
    "title": "Trial",
    "description": "A program made for a test.",
    "parameters": [],
    "outputs": {"metrics.json": "metrics"},
    "progress_metrics": ["auc"],
    "limits": {"memory_mb": 512, "cpu_seconds": 20, "wall_seconds": 20, "processes": 16, "output_mb": 2},
}


def make_template(folder: Path, program: str) -> Path:
    """A template with one program."""
    folder.mkdir()
    (folder / "template.json").write_text(json.dumps(DESCRIPTION))
    (folder / "train.py").write_text(program)
    return folder


def make_specification(template: Path, limits: dict[str, int] | None = None) -> Specification:
    """What to run."""
    return specify(load_template(template), dataset_version=DIGEST, parameters={}, limits=limits or {})


def wait(
    executor: BubblewrapExecutor, run_dir: Path, seconds: float = 90, seen: Callable[[Any], object] = lambda found: None
) -> Any:
    """The observation at the end; `seen` is told of every one before it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = executor.observe(run_dir)
        if found.state not in ("starting", "running"):
            return found
        seen(found)
        time.sleep(0.05)
    raise TimeoutError(f"still {found.state}: {(run_dir / 'supervisor.log').read_text()}")


def run(program: str, limits: dict[str, int], packages: Path | None = None) -> dict[str, Any]:
    """Runs `program` to its end in folders that only this user can enter."""
    executor = BubblewrapExecutor(Programs(packages=packages) if packages else Programs())
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (base / "data").mkdir(mode=0o700)
        (base / "data" / "image.dcm").write_text("pixels")
        template = make_template(base / "template", program)
        run_dir = base / "run"
        executor.start("trial", make_specification(template, limits), base / "data", template, run_dir)
        found = wait(executor, run_dir)
        outputs = run_dir / record.OUTPUTS
        return {
            **asdict(found),
            "outputs": {path.name: path.read_text() for path in outputs.iterdir()} if outputs.exists() else None,
            "log": (run_dir / record.LOG).read_text() if (run_dir / record.LOG).exists() else "",
            "supervisor_log": (run_dir / "supervisor.log").read_text(),
        }


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(run(asked["program"], asked["limits"], Path(asked["packages"])), sys.stdout)

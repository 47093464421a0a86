"""Puts everything that a run needs into its folder and starts a supervisor that belongs to nobody."""

import json
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from training_jobs.executors import record
from training_jobs.executors.stage import Programs, stage

_ROOT = Path(__file__).parents[2]
#: All that a supervisor imports of ours, and nothing that reads settings or a database.
CODE = {name: _ROOT / name for name in ("training_jobs", "core/sandbox", "core/files.py", "core/texts.py")}
SUPERVISOR = "training_jobs.executors.supervise"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to run: `specification` is the digest that was approved, `program` a file of the template."""

    job_id: str
    specification: str
    limits: Mapping[str, int]
    program: str
    progress_metrics: Collection[str] = field(default_factory=list)


def ask(
    programs: Programs, asked: Asked, run_dir: Path, *, template: Mapping[str, bytes], parameters: Mapping[str, Any]
) -> None:
    """Writes the run's inputs and then its request, each once: whoever comes second finds the first one's."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(dict(parameters), sort_keys=True).encode()
    _put(inputs(run_dir, asked.specification), {"template": template, "job": {"parameters.json": text}})
    where = {"bwrap": programs.bwrap, "python_home": str(programs.python_home)}
    request = asdict(asked) | where | {"progress_metrics": sorted(asked.progress_metrics), "asked_at": time.time()}
    record.write_once(run_dir / record.REQUEST, request)


def launch(programs: Programs, *, run_dir: Path, data_dir: Path) -> None:
    """Starts a supervisor with its own session, no parent, no open files, nothing of our environment.

    A second one finds the lock taken, or the run begun, and goes away.
    """
    request = record.read(run_dir / record.REQUEST) or {}
    outer = stage(
        programs,
        run_dir=run_dir,
        inputs=inputs(run_dir, request["specification"]),
        data_dir=data_dir,
        code=CODE,
        output_mb=request["limits"]["output_mb"],
    )
    command = ["setsid", "--fork", *outer, programs.python, "-s", "-B", "-m", SUPERVISOR]
    with open(run_dir / "supervisor.log", "ab") as log:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", check=True)


def inputs(run_dir: Path, specification: str) -> Path:
    """The folder with the template's copy and the parameters."""
    return run_dir / f"inputs-{specification}"


def open_to_the_powerless(tree: Path) -> None:
    """As root: lets the sandbox's user read the run's own copy of the data; the folder above stays closed to others."""
    if os.geteuid() != 0:
        return
    for folder, _, names in os.walk(tree):
        _allow(Path(folder), 0o555)
        for name in names:
            _allow(Path(folder, name), 0o444)


def _allow(path: Path, bits: int) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISLNK(mode) and mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)


def _put(target: Path, folders: Mapping[str, Mapping[str, bytes]]) -> None:
    """Writes folders of files beside `target` and moves them there in one step, unless it is there already."""
    if target.exists():
        return
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".inputs."))
    for name, files in folders.items():
        (part / name).mkdir()
        for file, data in files.items():
            (part / name / file).write_bytes(data)
    open_to_the_powerless(part)
    try:
        part.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(part)

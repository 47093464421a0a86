"""Finds out whether a sandbox can be had on this machine, by really running a program in one."""

import shutil
import tempfile
import time
from pathlib import Path

from training_jobs.executors import record
from training_jobs.executors.base import EndedBy, RunState
from training_jobs.executors.launch import Asked, ask, launch, open_to_the_powerless
from training_jobs.executors.observe import observe
from training_jobs.executors.probe_program import NETWORK, NO_PACKAGES, POWERFUL, WRITABLE
from training_jobs.executors.stage import Programs

PROGRAM = "probe_program.py"
LIMITS = {"memory_mb": 1024, "cpu_seconds": 20, "wall_seconds": 15, "processes": 16, "output_mb": 1}
PATIENCE_S = 20
INSTALL = "Install it with: apt-get install bubblewrap util-linux"
SENTENCES = {
    NO_PACKAGES: (
        "The sandbox works, but numpy cannot be loaded in it. Run make once more to set up .venv, with a umask (022) "
        "that lets other users read it."
    ),
    NETWORK: "The sandbox was refused because a program in it could reach a network.",
    WRITABLE: "The sandbox was refused because a program in it could write where it must only read.",
    POWERFUL: "The sandbox was refused because a program in it kept more rights than it may have.",
}


def why_not(programs: Programs) -> str | None:
    """None when a program ran behind every wall; otherwise a sentence that says what is missing and what would help."""
    for program in (programs.bwrap, "setsid", "setpriv", "prlimit"):
        if shutil.which(program) is None:
            return f"No sandbox can be had: the program {Path(program).name} is not installed. {INSTALL}"
    with tempfile.TemporaryDirectory(prefix="donara-probe-") as folder:
        try:
            return _try(programs, Path(folder))
        except OSError:
            return "No sandbox can be had: its folder for short-lived files cannot be written."


def _try(programs: Programs, folder: Path) -> str | None:
    run_dir, data_dir = folder / "run", folder / "data"
    data_dir.mkdir()
    open_to_the_powerless(data_dir)
    program = (Path(__file__).parent / PROGRAM).read_bytes()
    asked = Asked(job_id="probe", specification="probe", limits=LIMITS, program=PROGRAM)
    ask(programs, asked, run_dir, template={PROGRAM: program}, parameters={})
    launch(programs, run_dir=run_dir, data_dir=data_dir)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = observe(run_dir)
        if found.state is RunState.FINISHED:
            return None
        if found.state in (RunState.FAILED, RunState.LOST):
            return _sentence(run_dir, found.exit_code, found.ended_by)
        if found.state is RunState.STARTING and _stage_failed(run_dir):
            return _sentence(run_dir, None, None)
        time.sleep(0.05)
    return "No sandbox can be had: a trial run did not end in time."


def _stage_failed(run_dir: Path) -> bool:
    return b"bwrap:" in (run_dir / "supervisor.log").read_bytes()


def _sentence(run_dir: Path, exit_code: int | None, ended_by: EndedBy | None) -> str:
    if exit_code in SENTENCES:
        return SENTENCES[exit_code]
    if ended_by not in (EndedBy.ITSELF, EndedBy.SANDBOX, None):
        return f"The sandbox was refused because a trial run ended at a limit ({ended_by})."
    for name in ("supervisor.log", record.LOG):
        # Only the probe wrote here, so its last line is safe to show.
        lines = (run_dir / name).read_text(errors="replace").strip().splitlines() if (run_dir / name).exists() else []
        if lines:
            return f"No sandbox can be had: {lines[-1][:200]}. This machine must allow user namespaces."
    return "No sandbox can be had: a trial run failed. This machine must allow user namespaces."

"""Finds out whether a sandbox can be had on this machine, by really running a program in one."""

import shutil
import tempfile
import time
from pathlib import Path

from core.texts import gettext_noop as _
from training_jobs.executors import record
from training_jobs.executors.base import EndedBy, RunState
from training_jobs.executors.launch import Asked, ask, launch, open_to_the_powerless
from training_jobs.executors.observe import observe
from training_jobs.executors.probe_program import NETWORK, NO_PACKAGES, POWERFUL, WRITABLE
from training_jobs.executors.stage import Programs

PROGRAM = "probe_program.py"
LIMITS = {"memory_mb": 1024, "cpu_seconds": 20, "wall_seconds": 15, "processes": 16, "output_mb": 1}
PATIENCE_S = 20
SENTENCES = {
    NO_PACKAGES: _(
        "The sandbox works, but numpy cannot be loaded in it. Run make once more to set up .venv, with a umask "
        "(022) that lets other users read it."
    ),
    NETWORK: _("The sandbox was refused because a program in it could reach a network."),
    WRITABLE: _("The sandbox was refused because a program in it could write where it must only read."),
    POWERFUL: _("The sandbox was refused because a program in it kept more rights than it may have."),
}
NOT_INSTALLED = _(
    "No sandbox can be had: the program {program} is not installed. "
    "Install it with: apt-get install bubblewrap util-linux"
)
NO_FOLDER = _("No sandbox can be had: its folder for short-lived files cannot be written.")
NOT_IN_TIME = _("No sandbox can be had: a trial run did not end in time.")
AT_A_LIMIT = _("The sandbox was refused because a trial run ended at a limit ({limit}).")
FAILED = _("No sandbox can be had: a trial run failed. This machine must allow user namespaces.")
FAILED_SAYING = _("No sandbox can be had: {line}. This machine must allow user namespaces.")
#: Every sentence that is filled in, so that it is known again where it was kept.
FILLED = (NOT_INSTALLED, AT_A_LIMIT, FAILED_SAYING)


def why_not(programs: Programs) -> str | None:
    """None when a program ran behind every wall; otherwise a sentence that says what is missing and what would help."""
    for program in (programs.bwrap, "setsid", "setpriv", "prlimit"):
        if shutil.which(program) is None:
            return NOT_INSTALLED.format(program=Path(program).name)
    with tempfile.TemporaryDirectory(prefix="donara-probe-") as folder:
        try:
            return _try(programs, Path(folder))
        except OSError:
            return NO_FOLDER


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
    return NOT_IN_TIME


def _stage_failed(run_dir: Path) -> bool:
    return b"bwrap:" in (run_dir / "supervisor.log").read_bytes()


def _sentence(run_dir: Path, exit_code: int | None, ended_by: EndedBy | None) -> str:
    if exit_code in SENTENCES:
        return SENTENCES[exit_code]
    if ended_by not in (EndedBy.ITSELF, EndedBy.SANDBOX, None):
        return AT_A_LIMIT.format(limit=ended_by)
    for name in ("supervisor.log", record.LOG):
        # Only the probe wrote here, so its last line is safe to show.
        lines = (run_dir / name).read_text(errors="replace").strip().splitlines() if (run_dir / name).exists() else []
        if lines:
            return FAILED_SAYING.format(line=lines[-1][:200])
    return FAILED

"""The supervisor of one run: a process of its own that starts the sandbox at most once and outlives workers."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.texts import gettext_noop as _
from training_jobs.executors import cgroup, record, rooms, seccomp
from training_jobs.executors.base import EndedBy, RunState
from training_jobs.executors.stage import MB, STAGED, Programs, sandbox
from training_jobs.executors.watch import Watch

# 128 + SIGXCPU, as bubblewrap reports a child that a signal ended.
OVER_CPU = 152
ROOM_FOR_NOTHING = 64 * 1024

REASONS = {
    EndedBy.STOP: _("The run was stopped on request."),
    EndedBy.MEMORY: _("The run needed more memory than its limit of {memory_mb} MB and was ended."),
    EndedBy.CPU: _("The run needed more processor time than its limit of {cpu_seconds} seconds and was ended."),
    EndedBy.WALL: _("The run took longer than its limit of {wall_seconds} seconds and was ended."),
    EndedBy.OUTPUT: _("The run wrote more than its limit of {output_mb} MB of outputs and was ended."),
    EndedBy.SANDBOX: _("The sandbox itself failed, so nothing of the run was kept."),
}
WELL = _("The run ended well.")
BY_ITSELF = _("The training program ended by itself with exit code {exit_code}.")


def main() -> int:
    """Runs what request.json asks for, unless it was begun before; the result is on the disk, not in the exit code."""
    run_dir = STAGED / "run"
    # Held until this process ends, however that comes.
    lock = _lock(run_dir)
    request = record.read(run_dir / record.REQUEST)
    if lock is None or request is None or not _may_begin(run_dir, request):
        return 0
    started_at = _now()
    if (run_dir / record.STOP).exists():
        _finish(run_dir, request, started_at, EndedBy.STOP, None, None)
        return 0
    record.write_once(run_dir / record.BEGAN, {"pid": os.getpid(), "started_at": started_at, **record.this_machine()})
    try:
        _run(run_dir, request, started_at)
    except Exception as error:
        # The error's class only: its text could hold what a job wrote.
        sys.stderr.write(f"{type(error).__name__}\n")
        _finish(run_dir, request, started_at, EndedBy.SANDBOX, None, None)
    return 0


def _lock(run_dir: Path) -> int | None:
    # An observer holds the lock shared for an instant; a supervisor holds it for long.
    for _turn in range(10):
        handle = record.take_lock(run_dir)
        if handle is not None:
            return handle
        time.sleep(0.1)
    return None


def _may_begin(run_dir: Path, request: dict[str, Any]) -> bool:
    begun = (run_dir / record.BEGAN).exists() or (run_dir / record.RESULT).exists()
    return not begun and time.time() - request["asked_at"] < record.BEGIN_WITHIN_S


def _run(run_dir: Path, request: dict[str, Any], started_at: str) -> None:
    limits = request["limits"]
    programs = Programs(bwrap=request["bwrap"], python_home=Path(request["python_home"]))
    command = [programs.python, "-s", "-u", f"/template/{request['program']}"]
    group = cgroup.make(f"donara-{request['job_id']}", limits["memory_mb"], limits["processes"])
    filter_file = seccomp.as_file()
    os.nice(10)
    process = subprocess.Popen(
        sandbox(programs, job_id=request["job_id"], limits=limits, command=command, filter_file=filter_file),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[] if filter_file is None else [filter_file],
        preexec_fn=group.enter if group else None,
    )
    out_of_memory = group.ran_out_of_memory if group else lambda: False
    watch = Watch(process, run_dir, limits, frozenset(request["progress_metrics"]), out_of_memory)
    exit_code = watch.until_the_end()
    ended_by = watch.ended_by or _why(exit_code, out_of_memory())
    if group:
        group.remove()
    if ended_by is EndedBy.ITSELF and exit_code == 0:
        ended_by = _collect(run_dir, limits["output_mb"])
    _finish(run_dir, request, started_at, ended_by, exit_code, watch)


def _why(exit_code: int, out_of_memory: bool) -> EndedBy:
    if out_of_memory:
        return EndedBy.MEMORY
    if exit_code == OVER_CPU:
        return EndedBy.CPU
    if exit_code != 0 and rooms.used(STAGED / "outputs").free < ROOM_FOR_NOTHING:
        return EndedBy.OUTPUT
    return EndedBy.ITSELF


def _collect(run_dir: Path, output_mb: int) -> EndedBy:
    try:
        rooms.collect(STAGED / "outputs", run_dir / record.OUTPUTS, output_mb * MB)
    except rooms.TooMuch:
        return EndedBy.OUTPUT
    return EndedBy.ITSELF


def _finish(
    run_dir: Path,
    request: dict[str, Any],
    started_at: str,
    ended_by: EndedBy,
    exit_code: int | None,
    watch: Watch | None,
) -> None:
    good = ended_by is EndedBy.ITSELF and exit_code == 0
    own = WELL if good else BY_ITSELF
    result = {
        "state": RunState.FINISHED if good else RunState.FAILED,
        "reason": REASONS.get(ended_by, own).format(**request["limits"], exit_code=exit_code),
        "ended_by": ended_by,
        "exit_code": exit_code,
        "started_at": started_at,
        "finished_at": _now(),
        "peak_memory_mb": watch and watch.peak_memory // MB,
        "cpu_seconds": watch and round(watch.cpu_seconds, 2),
    }
    record.write_once(run_dir / record.RESULT, result)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    sys.exit(main())

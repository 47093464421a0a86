"""What can be seen of a run, from its files and its lock alone."""

import time
from pathlib import Path
from typing import Any

from core.texts import gettext_noop as _
from training_jobs.executors import record
from training_jobs.executors.base import EndedBy, Observation, RunState

KILLED = _(
    "The process that watched the run was ended from outside, and the run with it. "
    "It can be started again as a new attempt."
)
RESTARTED = _("The machine was restarted while the run was under way. It can be started again as a new attempt.")
NEVER_BEGAN = _("The run was asked for but did not begin in time. It can be started again as a new attempt.")


def observe(run_dir: Path) -> Observation:
    """How the run in `run_dir` stands; UNKNOWN where the directory cannot be read or belongs to another machine."""
    try:
        return _observe(run_dir)
    except (OSError, ValueError, KeyError, TypeError):
        return Observation(RunState.UNKNOWN, "The run's files cannot be read now, so nothing is known about it.")


def _observe(run_dir: Path) -> Observation:
    request = record.read(run_dir / record.REQUEST)
    if request is None:
        return Observation(RunState.UNKNOWN, "No run was asked for here.")
    if result := record.read(run_dir / record.RESULT):
        return _ended(run_dir, result)
    alive = record.supervised(run_dir)
    # The supervisor may have ended between the two looks; what it wrote last decides.
    if result := record.read(run_dir / record.RESULT):
        return _ended(run_dir, result)
    began = record.read(run_dir / record.BEGAN)
    if began is None:
        return _not_begun(request, alive)
    return _under_way(run_dir, began) if alive else _gone(run_dir, began)


def _not_begun(request: dict[str, Any], alive: bool) -> Observation:
    if not alive and time.time() - request["asked_at"] > record.GIVEN_UP_AFTER_S:
        return Observation(RunState.FAILED, NEVER_BEGAN, ended_by=EndedBy.SANDBOX)
    return Observation(RunState.STARTING, "The run is starting.")


def _under_way(run_dir: Path, began: dict[str, Any]) -> Observation:
    return Observation(RunState.RUNNING, "The run is under way.", started_at=began["started_at"], **_progress(run_dir))


def _gone(run_dir: Path, began: dict[str, Any]) -> Observation:
    here = record.this_machine()
    if began["machine"] != here["machine"]:
        return Observation(RunState.UNKNOWN, "The run belongs to another machine, so nothing can be seen from here.")
    reason = KILLED if began["boot"] == here["boot"] else RESTARTED
    return Observation(RunState.LOST, reason, started_at=began["started_at"], **_progress(run_dir))


def _ended(run_dir: Path, result: dict[str, Any]) -> Observation:
    return Observation(
        state=RunState(result["state"]),
        reason=result["reason"],
        ended_by=EndedBy(result["ended_by"]),
        exit_code=result["exit_code"],
        started_at=result["started_at"],
        finished_at=result["finished_at"],
        peak_memory_mb=result["peak_memory_mb"],
        cpu_seconds=result["cpu_seconds"],
        **_progress(run_dir),
    )


def _progress(run_dir: Path) -> dict[str, Any]:
    found = record.read(run_dir / record.PROGRESS) or {}
    return {"progress": float(found.get("fraction", 0.0)), "metrics": list(found.get("steps", []))}

"""Watches one sandbox from outside: ends it at a limit or on request, keeps its log, reads its progress."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training_jobs.executors import record, rooms, usage
from training_jobs.executors.base import EndedBy
from training_jobs.executors.stage import MB, PROGRESS_BYTES, STAGED
from training_jobs.rules.progress import MOST_STEPS, parse_step

EVERY_S = 0.2
LOG_BYTES = 256 * 1024
MOST_FILES = 10_000


@dataclass(slots=True)
class Watch:
    """One running sandbox. `ended_by` is set when the watch itself ends the run."""

    process: subprocess.Popen[bytes]
    run_dir: Path
    limits: Mapping[str, int]
    metrics: frozenset[str]
    #: Whether the kernel has ended a process for the group's memory: the others may live on, and sleep.
    out_of_memory: Callable[[], bool]
    began: float = field(default_factory=time.monotonic)
    peak_memory: int = 0
    cpu_seconds: float = 0.0
    ended_by: EndedBy | None = None
    logged: int = 0
    progress_seen: int = -1

    def until_the_end(self) -> int:
        """Returns the exit code once every process in the sandbox is gone."""
        with open(self.run_dir / record.LOG, "xb") as log:
            while self.process.poll() is None:
                self._keep_log(log, EVERY_S)
                self._look()
            self._keep_log(log, 0)
        self._keep_progress()
        return self.process.wait()

    def _look(self) -> None:
        found = usage.tree(self.process.pid)
        filled = [rooms.used(STAGED / name) for name in ("outputs", "tmp", "progress")]
        memory = found.memory + sum(room.bytes for room in filled)
        self.peak_memory = max(self.peak_memory, memory)
        self.cpu_seconds = max(self.cpu_seconds, found.cpu_seconds)
        self.ended_by = self.ended_by or self._over(memory, max(room.files for room in filled))
        if self.ended_by:
            self._kill(found.pids)
        self._keep_progress()

    def _over(self, memory: int, files: int) -> EndedBy | None:
        reached = {
            EndedBy.STOP: (self.run_dir / record.STOP).exists(),
            EndedBy.MEMORY: memory > self.limits["memory_mb"] * MB
            or self.out_of_memory()
            or usage.machine_short_of_memory(),
            EndedBy.CPU: self.cpu_seconds > self.limits["cpu_seconds"],
            EndedBy.WALL: time.monotonic() - self.began > self.limits["wall_seconds"],
            EndedBy.OUTPUT: files > MOST_FILES,
        }
        return next((reason for reason, true in reached.items() if true), None)

    def _kill(self, pids: tuple[int, ...]) -> None:
        # Seen a moment ago as our own descendants; the sandbox's first process takes all others with it.
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def _keep_log(self, log: Any, wait: float) -> None:
        stream = self.process.stdout
        until = time.monotonic() + wait
        while stream and select.select([stream], [], [], max(0.0, until - time.monotonic()))[0]:
            data = os.read(stream.fileno(), 65536)
            if not data:
                time.sleep(max(0.0, until - time.monotonic()))
                return
            kept = data[: max(0, LOG_BYTES - self.logged)]
            log.write(kept)
            log.flush()
            self.logged += len(kept)
            if time.monotonic() >= until:
                return

    def _keep_progress(self) -> None:
        data = rooms.read_file(STAGED / "progress" / "progress.jsonl", PROGRESS_BYTES) or b""
        if len(data) == self.progress_seen:
            return
        self.progress_seen = len(data)
        # The last piece may be half a line still being written.
        lines = data.split(b"\n")[:-1][-MOST_STEPS:]
        steps = [step for step in (parse_step(line, self.metrics) for line in lines) if step]
        if steps:
            rows: list[dict[str, Any]] = [{"step": step.step, **step.metrics} for step in steps]
            record.write(self.run_dir / record.PROGRESS, {"fraction": steps[-1].fraction, "steps": rows})

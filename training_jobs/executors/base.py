"""What any place that runs training jobs must offer: start, look, stop, and say why it cannot."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    # On the stage there is only this app, and what a specification stands on is not there.
    from training_jobs.rules.specification import Specification


class RunState(StrEnum):
    """What can be seen of a run. Only FINISHED, FAILED and LOST are endings; UNKNOWN never means that it stopped."""

    STARTING = "starting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"
    UNKNOWN = "unknown"


class EndedBy(StrEnum):
    """What brought a run to its end."""

    ITSELF = "itself"
    STOP = "stop"
    MEMORY = "memory"
    CPU = "cpu"
    WALL = "wall"
    OUTPUT = "output"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Observation:
    """A look at one run. Times are UTC in ISO 8601; `progress` runs from 0 to 1; `metrics` holds one row a step."""

    state: RunState
    reason: str = ""
    ended_by: EndedBy | None = None
    exit_code: int | None = None
    progress: float = 0.0
    metrics: list[dict[str, Any]] = field(default_factory=list)
    started_at: str | None = None
    finished_at: str | None = None
    peak_memory_mb: int | None = None
    cpu_seconds: float | None = None


class SandboxUnavailable(Exception):
    """No sandbox can be had here; the message is a sentence that says why and what would help."""


class RunRefused(Exception):
    """This run cannot be started as asked; the message is a sentence."""


class Executor(Protocol):
    """A place that runs training jobs. Its answers come from the disk and the kernel, never from memory."""

    def available(self) -> str | None:
        """None when a sandbox can be had; otherwise a sentence that says why not."""

    def start(
        self, job_id: str, specification: "Specification", data_dir: Path, template_dir: Path, run_dir: Path
    ) -> None:
        """Starts the run that belongs to `run_dir` (one directory for one attempt), at most once however often asked.

        Call it again while the run is seen as STARTING: what died before it began is then begun. `data_dir` is the
        run's own copy, with `manifest.json` in it; as root its files are made readable for every user.

        Raises SandboxUnavailable, or RunRefused when the directory belongs to another run or the template's files are
        not those of the specification.
        """

    def observe(self, run_dir: Path) -> Observation:
        """How the run stands now; never raises for what it finds."""

    def stop(self, run_dir: Path) -> None:
        """Asks the run to end; also when it has not begun. Doing it twice changes nothing."""

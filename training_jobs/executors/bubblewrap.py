"""Runs training jobs under bubblewrap, each watched by a process of its own that no worker's death can touch."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from core.texts import gettext_noop as _
from training_jobs.executors import record
from training_jobs.executors.base import Observation, RunRefused, SandboxUnavailable
from training_jobs.executors.launch import Asked, ask, launch, open_to_the_powerless
from training_jobs.executors.observe import observe
from training_jobs.executors.probe import why_not
from training_jobs.executors.stage import Programs
from training_jobs.executors.templates import PROGRAM, files_digest, load_template, template_files
from training_jobs.rules.specification import Specification


@dataclass(slots=True)
class BubblewrapExecutor:
    """The executor that is shipped. `programs` says where bubblewrap, Python and the packages lie."""

    programs: Programs = field(default_factory=Programs)
    _works: bool = field(default=False, init=False, repr=False)

    def available(self) -> str | None:
        """None once a probe really ran in a sandbox here, else a sentence. A refusal is tried again."""
        if self._works:
            return None
        sentence = why_not(self.programs)
        self._works = sentence is None
        return sentence

    def start(
        self, job_id: str, specification: Specification, data_dir: Path, template_dir: Path, run_dir: Path
    ) -> None:
        """Starts the run that belongs to `run_dir`, at most once; see Executor.start."""
        if sentence := self.available():
            raise SandboxUnavailable(sentence)
        if not (run_dir / record.REQUEST).exists():
            self._ask(job_id, specification, template_dir, run_dir)
        asked = record.read(run_dir / record.REQUEST) or {}
        if (asked["job_id"], asked["specification"]) != (job_id, specification.digest):
            raise RunRefused(_("This run's folder already belongs to another run."))
        if (run_dir / record.BEGAN).exists() or (run_dir / record.RESULT).exists():
            return
        open_to_the_powerless(data_dir)
        launch(self.programs, run_dir=run_dir, data_dir=data_dir)

    def observe(self, run_dir: Path) -> Observation:
        """How the run stands, from its files and its lock; see Executor.observe."""
        return observe(run_dir)

    def stop(self, run_dir: Path) -> None:
        """Asks the supervisor to end the run; one that has not begun will not begin."""
        if run_dir.is_dir():
            record.write_once(run_dir / record.STOP, {"asked_at": time.time()})

    def _ask(self, job_id: str, specification: Specification, template_dir: Path, run_dir: Path) -> None:
        files = template_files(template_dir)
        if files_digest(files) != specification.template_sha256:
            raise RunRefused(_("The template's files are not those that were approved. Submit the job again."))
        asked = Asked(
            job_id=job_id,
            specification=specification.digest,
            limits=specification.limits.as_dict(),
            program=PROGRAM,
            progress_metrics=load_template(template_dir).progress_metrics,
        )
        ask(self.programs, asked, run_dir, template=files, parameters=specification.parameters)

"""A process that looks at files, and cleans those of one subject after another, until it is told to stop."""

import json
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, NamedTuple

from ..engine import Deidentifier
from ..files.buffers import digest, opened, slim
from ..gates.references import links_of
from ..pictures.plan import PixelPlan
from ..results import Cleaned, Quarantined
from ..values.keys import derive_group_key, derive_subject_key
from .actions import actions_text, placed
from .job import AS_IS, CLEAN, Job
from .keep import Keeper
from .said import Said, facts_from
from .survey import PIXELS_NEED_A_LOOK, UNREADABLE_FILE, Belonging, Refusal, Surveyor

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

#: What is sent back when OUT could not be written: the system's number for the error.
Failure = int
_PATIENCE = 1.0


class Task(NamedTuple):
    """Files as (number, path below IN), to be cleaned for one subject, or to be looked at if there is none.

    `said`: what the files of their study say about the subject, as texts.
    """

    files: list[tuple[int, bytes]]
    subject: str | None = None
    study: str = ""
    said: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """A file that is done with: what became of it, its entry in the report as JSON, the digest of what was done.

    `links`: of a clean file, to what it leads (gates/references.py).
    """

    number: int
    status: str
    reason: str
    entry: str
    actions: str
    links: bytes | None = None


Seen = tuple[int, Belonging]


class Answer(NamedTuple):
    """What became of the files of a task, and what their studies said: (subject, study, text)."""

    files: list[Seen | Outcome]
    said: list[tuple[str, str, str]] = []
    #: What was done, as JSON by its digest, where this process has not told it before: most files of a series agree.
    actions: list[tuple[str, str]] = []


class Worker:
    """Does tasks one after the other; `at` is told which file is next, so that others know if this process dies."""

    def __init__(self, job: Job, domain_key: bytes, at: Callable[[int], None]) -> None:
        self.folder = os.fsencode(job.source)
        self.job = job
        self._key = domain_key
        self._at = at
        self._surveyor = Surveyor(self.folder, job.subject)
        self._keeper = Keeper(job.target)
        self._study = Task([])
        self._told: set[str] = set()
        self._engine: Deidentifier | None = None

    def do(self, task: Task) -> Answer | Failure:
        """What became of each file; a failure where OUT cannot be written."""
        try:
            return self._look(task.files) if task.subject is None else self._clean(task)
        except OSError as error:
            return error.errno or -1

    def _look(self, files: list[tuple[int, bytes]]) -> Answer:
        said = Said()
        found: list[Seen | Outcome] = []
        for number, path in files:
            self._at(number)
            look = self._surveyor.look(path, said)
            found.append((number, look) if isinstance(look, Belonging) else refused(number, look))
        return Answer(found, said.texts())

    def _clean(self, task: Task) -> Answer:
        """All outputs are on the disk under their names before any of them is told of."""
        found: list[Seen | Outcome] = []
        told: list[tuple[int, dict[str, object], str, bytes]] = []
        actions: list[tuple[str, str]] = []
        engine = self._engine_for(task)
        for number, path in task.files:
            self._at(number)
            result = self._one(engine, path)
            if isinstance(result, Refusal):
                found.append(refused(number, result))
            else:
                self._keeper.add(result)
                told.append((number, _entry(result), self._action(result, actions), links_of(result)))
        for (number, entry, done, links), output in zip(told, self._keeper.settle(), strict=True):
            found.append(Outcome(number, "clean", "", json.dumps({"output": output, **entry}), done, links))
        return Answer(found, actions=actions)

    def _action(self, result: Cleaned, fresh: list[tuple[str, str]]) -> str:
        text = actions_text(result.notes)
        name = digest(text.encode())
        if name not in self._told:
            self._told.add(name)
            fresh.append((name, text))
        return name

    def _one(self, engine: Deidentifier, path: bytes) -> Cleaned | Refusal:
        try:
            data = opened(os.path.join(self.folder, path))
        except OSError:
            return Refusal("quarantined", UNREADABLE_FILE)
        with slim(data):
            result = engine.clean(data)
        if isinstance(result, Quarantined):
            return Refusal("quarantined", result.reason, result.source_sha256)
        return self._looked_at(engine, result)

    def _looked_at(self, engine: Deidentifier, result: Cleaned) -> Cleaned | Refusal:
        """The file if its picture may be passed on, as it is or as somebody made it."""
        plan = result.pixel_plan
        if plan.risk == "clear" and not plan.hidden_bits:
            return result
        if self.job.pixels == AS_IS and not plan.hidden_bits:
            return result
        made = self.job.examine(result, engine) if self.job.pixels == CLEAN and self.job.examine else None
        return made or Refusal("quarantined", PIXELS_NEED_A_LOOK, result.source_sha256, plan)

    def _engine_for(self, task: Task) -> Deidentifier:
        """The engine that has the memory of this study; one at a time, so that memory does not grow."""
        if self._engine is None or (task.subject, task.study, task.said) != self._study[1:]:
            key = derive_subject_key(self._key, task.subject or "")
            group_key, facts = derive_group_key(self._key), facts_from(task.said)
            self._engine = Deidentifier(key, group_key=group_key, profile=self.job.profile, study=facts, notes=placed)
            self._study = task._replace(files=[])
        return self._engine


def refused(number: int, refusal: Refusal) -> Outcome:
    """The outcome of a file that is not cleaned."""
    entry: dict[str, object] = {"reasons": [refusal.reason]}
    if refusal.digest:
        entry["source_sha256"] = refusal.digest
    if refusal.plan is not None:
        entry |= _picture(refusal.plan)
    return Outcome(number, refusal.status, refusal.reason, json.dumps(entry), "")


def _entry(result: Cleaned) -> dict[str, object]:
    return {
        "reasons": [],
        "source_sha256": result.source_sha256,
        "output_sha256": result.output_sha256,
        **_picture(result.pixel_plan),
    }


def _picture(plan: PixelPlan) -> dict[str, object]:
    return {"pixel_risk": plan.risk, "pixel_reasons": list(plan.reasons)}


def serve(job: Job, domain_key: bytes, connection: Connection, at: "Synchronized[int]", parent: int) -> None:
    """Does what comes over the connection, until it says None or the process at its other end is gone."""
    # Ctrl-C reaches every process of a terminal; the first one decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def now(number: int) -> None:
        if os.getppid() != parent:
            os._exit(1)
        at.value = number

    worker = Worker(job, domain_key, now)
    while True:
        while not connection.poll(_PATIENCE):
            if os.getppid() != parent:
                return
        task = connection.recv()
        if task is None:
            return
        connection.send(worker.do(task))

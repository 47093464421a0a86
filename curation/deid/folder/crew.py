"""The processes of a run: starts them, gives them tasks, and replaces one that dies of a file."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from .job import FolderError, Job
from .survey import Refusal
from .worker import Answer, Failure, Outcome, Seen, Task, refused, serve

#: Tasks that a process has before it: one at work, one waiting, so that it never waits itself.
_AHEAD = 2
_NOWHERE = -1


class Member:
    """One process, what it has been given and not answered, and how to reach it."""

    def __init__(self, job: Job, domain_key: bytes) -> None:
        # Anew, not forked: nothing of the first process is inherited, neither open files nor memory.
        context = multiprocessing.get_context("spawn")
        self.at = context.Value("q", _NOWHERE, lock=False)
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        arguments = (job, domain_key, theirs, self.at, os.getpid())
        self.process: BaseProcess = context.Process(target=serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()
        self.tasks: list[Task] = []

    def give(self, task: Task) -> None:
        """Sends a task; one that cannot be sent is found again when the process is found dead."""
        self.tasks.append(task)
        try:
            self.connection.send(task)
        except OSError:
            pass

    def answer(self) -> Answer | Failure | None:
        """What the process says to its first task; None when it is dead."""
        try:
            answer: Answer | Failure = self.connection.recv()
        except (EOFError, OSError):
            return None
        self.tasks.pop(0)
        return answer


class Crew:
    """As many processes as the job wants, for as long as the context lasts."""

    def __init__(self, job: Job, domain_key: bytes) -> None:
        self.job = job
        self._key = domain_key
        self._members: list[Member] = []
        self._killed_by: set[int] = set()

    def __enter__(self) -> "Crew":
        self._members = [Member(self.job, self._key) for _ in range(self.job.workers)]
        return self

    def __exit__(self, *error: object) -> None:
        for member in self._members:
            member.process.terminate()
        for member in self._members:
            member.process.join()

    def work(self, take: Callable[[int], Task | None]) -> Iterator[Answer]:
        """The answers to all tasks that `take(process)` gives, as they come; raises FolderError."""
        while True:
            for who, member in enumerate(self._members):
                while len(member.tasks) < _AHEAD and (task := take(who)) is not None:
                    member.give(task)
            busy = {member.connection: who for who, member in enumerate(self._members) if member.tasks}
            if not busy:
                return
            for connection in wait(list(busy)):
                who = busy[connection]  # type: ignore[index]  # these are the connections that were waited for
                answer = self._members[who].answer()
                if isinstance(answer, int):
                    raise FolderError(_failure(answer))
                yield self._replace(who) if answer is None else answer

    def _replace(self, who: int) -> Answer:
        """A new process for the work of a dead one; a file of which two processes died is given up."""
        dead = self._members[who]
        dead.process.join()
        number = dead.at.value
        if number == _NOWHERE:
            raise FolderError("A process could not be started, or was ended from outside before it had done anything.")
        given_up: list[Seen | Outcome] = []
        self._members[who] = Member(self.job, self._key)
        for task in dead.tasks:
            files = task.files
            if number in self._killed_by and any(file[0] == number for file in files):
                files = [file for file in files if file[0] != number]
                given_up = [refused(number, Refusal("quarantined", "stopped_a_process"))]
            if files:
                self._members[who].give(task._replace(files=files))
        self._killed_by.add(number)
        return Answer(given_up)


def _failure(number: int) -> str:
    """Why OUT could not be written, as the system words it; that names no file."""
    why = os.strerror(number) if number > 0 else "unknown error"
    return f"OUT could not be written: {why}. What is done is kept; run the same command again to go on."

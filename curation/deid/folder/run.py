"""A run over a folder, from its beginning or from where it was interrupted, to its report."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from ..gates.references import BROKEN, broken
from .crew import Crew
from .job import RANDOM, FolderError, Job
from .journal import Journal, Piece
from .keep import UNFINISHED
from .listing import listing
from .progress import Progress
from .report import write_report
from .shares import Shares
from .worker import Task

CONTINUE = "What is done is kept; run the same command again to go on."


def run(job: Job, progress: Progress) -> dict[str, int]:
    """Cleans what is not clean yet and writes the report; how many files there are of each status.

    Raises FolderError with a sentence; then what is done is kept in the journal, and the next run goes on from there.
    """
    with _told(job):
        journal = Journal(job.journal)
        complete = False
        try:
            key = _begin(job, journal)
            _enter(job, journal)
            with Crew(job, key) as crew:
                _look(crew, journal, progress)
                _clean(crew, journal, progress)
            _take_back(job, journal)
            shutil.rmtree(job.target / UNFINISHED)
            counts = journal.counts()
            write_report(job, journal, job.key_source)
            complete = True
            return counts
        finally:
            journal.close(complete)


@contextmanager
def _told(job: Job) -> Iterator[None]:
    """Says in a sentence why a run cannot go on."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise FolderError("Another run is at work with this report. Wait for it, or name another report.") from None
        raise FolderError(f"The journal beside the report could not be written. {CONTINUE}") from None
    except sqlite3.DatabaseError:
        raise FolderError(
            f"{job.journal.name} beside the report is not a run's journal. Name another report."
        ) from None
    except OSError as error:
        raise FolderError(f"A folder or file could not be read or written: {error.strerror}. {CONTINUE}") from None


def _begin(job: Job, journal: Journal) -> bytes:
    """The key to work with: a random one from the journal, where an interrupted run left it."""
    kept = journal.about("random key")
    key = bytes.fromhex(kept) if kept and job.key_source == RANDOM else job.domain_key
    terms = job.terms(key)
    if not journal.about("the key"):
        if job.key_source == RANDOM and job.target.is_dir() and any(job.target.iterdir()):
            raise FolderError(
                "OUT is not empty, and a new random key would give the same patients other names in it. "
                "Choose an empty OUT, or name the key with --key-file."
            )
        secret = {"random key": key.hex()} if job.key_source == RANDOM else {}
        journal.tell(**terms, **secret)
    for name, value in terms.items():
        if journal.about(name) != value:
            raise FolderError(
                f"An unfinished run stands beside the report, and {name} was another one. "
                "Give the same as then, or name another report."
            )
    job.target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(job.target / UNFINISHED, ignore_errors=True)
    (job.target / UNFINISHED).mkdir(exist_ok=True)
    return key


def _enter(job: Job, journal: Journal) -> None:
    """Lists IN, or sees whether it is as it was, and whether what was made of it still stands."""
    _drop_strays(job, journal)
    found = listing(os.fsencode(job.source))
    if not journal.about("listed"):
        journal.enter(found)
    elif not journal.same(found):
        raise FolderError("IN has changed since the run began that is to go on. Name another report, and an empty OUT.")
    journal.reopen([number for number, entry in journal.outputs() if not _stands(job, entry)])


def _stands(job: Job, entry: str) -> bool:
    return (job.target / str(json.loads(entry)["output"])).is_file()


def _look(crew: Crew, journal: Journal, progress: Progress) -> None:
    """The first pass: whose each file is."""
    tasks = journal.unseen()
    progress.begin("Looking", journal.total(open_only=True))
    for answer in crew.work(lambda _: next(map(Task, tasks), None)):
        journal.keep(answer)
        progress.add(len(answer.files))
    progress.end()


def _clean(crew: Crew, journal: Journal, progress: Progress) -> None:
    """The second pass: each subject's files, together."""
    shares: Shares[Piece] = Shares()
    for piece in journal.pieces():
        shares.add(piece.subject, f"{piece.study}\n{piece.series}", piece)

    def take(who: int) -> Task | None:
        piece = shares.take(who)
        return None if piece is None else journal.task(piece)

    progress.begin("Cleaning", journal.total(open_only=True))
    for answer in crew.work(take):
        journal.keep(answer)
        progress.add(len(answer.files))
    progress.end()


def _take_back(job: Job, journal: Journal) -> None:
    """Quarantines what no longer leads where it did in its study; that is asked anew after each interruption."""
    for study in journal.studies():
        journal.take_back(broken(partial(journal.linked, study)), BROKEN)
    _drop_strays(job, journal)


def _drop_strays(job: Job, journal: Journal) -> None:
    """Removes outputs that were taken back, before anything else may get their names."""
    for output in journal.strays():
        path = job.target / output
        path.unlink(missing_ok=True)
        for folder in (path.parent, path.parent.parent):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    journal.forget_strays()

"""What a run has found and done so far, in a file beside the report, so that it can be interrupted at any moment.

It is an SQLite database: after a power cut it holds each entry whole or not at all. It is as sensitive as IN, and
where the run's key is random it holds that key, so it is for its owner alone and goes when the run is complete.
"""

import json
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

from ..gates.references import Linked
from .listing import CLOSED, Found
from .survey import Refusal
from .worker import Answer, Outcome, Task, refused

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE actions (digest TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE said (subject TEXT NOT NULL, study TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (subject, study, text));
CREATE TABLE files (
    number INTEGER PRIMARY KEY, path BLOB NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL,
    subject TEXT, study TEXT, series TEXT, instance TEXT,
    status TEXT, reason TEXT, entry TEXT, actions TEXT, links BLOB
);
CREATE TABLE strays (output TEXT PRIMARY KEY);
"""
# Files of one task, and how many bytes they may have together; what a crash repeats is no more than two of these.
TASK_FILES, TASK_BYTES = 32, 64 << 20
# The files of one instance follow each other, so that they are never cleaned at the same time in two processes.
_IN_ORDER = """
SELECT number, size, subject, study, series,
    MIN(number) OVER (PARTITION BY subject, study, series, instance) AS first
FROM files WHERE subject IS NOT NULL AND status IS NULL
ORDER BY MIN(number) OVER (PARTITION BY subject), study, series, first, number
"""


class Piece(NamedTuple):
    """Files that are cleaned one after the other."""

    subject: str
    study: str
    series: str
    numbers: "array[int]"


class Entry(NamedTuple):
    """One file as the report has it; `entry` and `actions` are JSON."""

    path: bytes
    status: str
    entry: str
    actions: str


class Journal:
    """One run's journal; raises sqlite3.Error where it cannot be written, or another process has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._database = sqlite3.connect(path, timeout=0, isolation_level=None)
        self._run("PRAGMA locking_mode = EXCLUSIVE")
        self._run("PRAGMA journal_mode = WAL")
        self._run("PRAGMA synchronous = NORMAL")
        self._run("BEGIN EXCLUSIVE")
        if not self._run("SELECT 1 FROM sqlite_master").fetchone():
            for statement in _TABLES.split(";"):
                self._run(statement)
        self._run("COMMIT")

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(statement, values)

    def about(self, name: str) -> str:
        """A thing that was told to the journal; empty if it was not."""
        found = self._run("SELECT value FROM about WHERE name = ?", name).fetchone()
        return "" if found is None else str(found[0])

    def tell(self, **values: str) -> None:
        """Keeps things about the run, all or none of them."""
        with self._database:
            self._run("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", values.items())

    def enter(self, found: Iterable[Found]) -> None:
        """Keeps what stands in IN, as if nothing had been kept before."""
        with self._database:
            self._run("BEGIN")
            self._run("DELETE FROM files")
            for number, each in enumerate(found):
                self._run("INSERT INTO files (number, path, size, changed) VALUES (?, ?, ?, ?)", number, *each[:3])
                if each.refusal:
                    status = "quarantined" if each.refusal == CLOSED else "skipped"
                    self._keep(refused(number, Refusal(status, each.refusal)))
            self._run("INSERT OR REPLACE INTO about VALUES ('listed', 'yes')")

    def same(self, found: Iterable[Found]) -> bool:
        """Whether IN still holds what was kept."""
        rows = self._run("SELECT path, size, changed FROM files ORDER BY number")
        return all(row == each[:3] for row, each in zip_longest(rows, found, fillvalue=()))

    def unseen(self) -> Iterator[list[tuple[int, bytes]]]:
        """The files that were not looked at yet, some at a time."""
        rows = self._run("SELECT number, path FROM files WHERE status IS NULL AND subject IS NULL ORDER BY number")
        remaining = iter(rows.fetchall())
        while some := list(islice(remaining, TASK_FILES)):
            yield some

    def keep(self, answer: Answer) -> None:
        """Keeps what became of files, and what they said."""
        with self._database:
            self._run("BEGIN")
            self._database.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", answer.said)
            self._database.executemany("INSERT OR IGNORE INTO actions VALUES (?, ?)", answer.actions)
            for each in answer.files:
                if isinstance(each, Outcome):
                    self._keep(each)
                else:
                    statement = "UPDATE files SET subject = ?, study = ?, series = ?, instance = ? WHERE number = ?"
                    self._run(statement, *each[1], each[0])

    def _keep(self, outcome: Outcome) -> None:
        statement = "UPDATE files SET status = ?, reason = ?, entry = ?, actions = ?, links = ? WHERE number = ?"
        number, *values = outcome
        self._run(statement, *values, number)

    def pieces(self) -> Iterator[Piece]:
        """What is to be cleaned, in pieces that may be cleaned at the same time; begins with whom IN begins with."""
        piece, size, last = Piece("", "", "", array("q")), 0, -1
        for number, length, subject, study, series, first in self._run(_IN_ORDER):
            full = first != last and (len(piece.numbers) >= TASK_FILES or size + length > TASK_BYTES)
            if full or (subject, study, series) != piece[:3]:
                if piece.numbers:
                    yield piece
                piece, size = Piece(subject, study, series, array("q")), 0
            piece.numbers.append(number)
            size, last = size + length, first
        if piece.numbers:
            yield piece

    def task(self, piece: Piece) -> Task:
        """A piece with its files' paths, and what the study says."""
        statement = "SELECT number, path FROM files WHERE number = ?"
        files = [self._run(statement, number).fetchone() for number in piece.numbers]
        statement = "SELECT text FROM said WHERE subject = ? AND study = ? ORDER BY text"
        said = tuple(text for (text,) in self._run(statement, piece.subject, piece.study))
        return Task(files, piece.subject, piece.study, said)

    def outputs(self) -> Iterator[tuple[int, str]]:
        """The clean files' numbers and entries."""
        yield from self._run("SELECT number, entry FROM files WHERE status = 'clean'")

    def reopen(self, numbers: Iterable[int]) -> None:
        """Forgets that files were cleaned."""
        with self._database:
            self._run("BEGIN")
            for number in numbers:
                self._run(
                    "UPDATE files SET status = NULL, entry = NULL, actions = NULL, links = NULL WHERE number = ?",
                    number,
                )

    def studies(self) -> list[str]:
        """The studies of which files were cleaned."""
        self._run("CREATE INDEX IF NOT EXISTS by_study ON files (study)")
        return [study for (study,) in self._run("SELECT DISTINCT study FROM files WHERE links NOT NULL ORDER BY study")]

    def linked(self, study: str) -> Iterator[tuple[int, Linked]]:
        """The files of a study that were cleaned, those too that were taken back: each with what it leads to."""
        statement = "SELECT number, subject, links FROM files WHERE study = ? AND links NOT NULL"
        for number, subject, links in self._run(statement, study):
            yield number, Linked(subject, links)

    def take_back(self, numbers: Iterable[int], reason: str) -> None:
        """Quarantines files that were cleaned; their outputs are strays from then on."""
        with self._database:
            self._run("BEGIN")
            for number in numbers:
                found = self._run("SELECT entry FROM files WHERE number = ? AND status = 'clean'", number).fetchone()
                if found is not None:
                    entry = json.loads(found[0])
                    self._run("INSERT OR IGNORE INTO strays VALUES (?)", entry["output"])
                    done = refused(number, Refusal("quarantined", reason, entry["source_sha256"]))
                    statement = "UPDATE files SET status = ?, reason = ?, entry = ?, actions = ? WHERE number = ?"
                    self._run(statement, done.status, done.reason, done.entry, done.actions, number)

    def strays(self) -> list[str]:
        """The outputs that are no more to stand in OUT."""
        return [output for (output,) in self._run("SELECT output FROM strays ORDER BY output")]

    def forget_strays(self) -> None:
        """Notes that they are gone from there."""
        self._run("DELETE FROM strays")

    def counts(self, by: str = "status") -> dict[str, int]:
        """How many files there are by status, or by 'reason'."""
        column = {"status": "status", "reason": "NULLIF(reason, '')"}[by]
        rows = self._run(f"SELECT {column}, COUNT({column}) FROM files WHERE {column} NOT NULL GROUP BY 1 ORDER BY 1")  # noqa: S608  a name from the line above
        return dict(rows.fetchall())

    def total(self, open_only: bool = False) -> int:
        """How many files there are; or only those that nothing is decided about."""
        where = "WHERE status IS NULL" if open_only else ""
        return int(self._run(f"SELECT COUNT(*) FROM files {where}").fetchone()[0])  # noqa: S608  a constant

    def entries(self) -> Iterator[Entry]:
        """Every file in the order of the listing."""
        rows = self._run(
            "SELECT path, status, entry, COALESCE(text, '') FROM files LEFT JOIN actions"
            " ON actions.digest = files.actions ORDER BY files.number"
        )
        yield from map(Entry._make, rows)

    def close(self, complete: bool) -> None:
        """Ends the use of the journal; a complete run's is taken away, with the key that it may hold."""
        self._database.close()
        if complete:
            for ending in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

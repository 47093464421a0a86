"""Writes the report of a complete run: what was asked, counts, one object a file; of any length."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from ..standard.rules import SOURCE
from .job import FOLDER, PATIENT, Job
from .journal import Journal
from .survey import WORDS


def write_report(job: Job, journal: Journal, key_source: str) -> None:
    """Writes it whole or not at all, for its owner alone, never over another file; raises OSError."""
    draft = job.report.with_name(f"{job.report.name}.unfinished")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.writelines(_lines(job, journal, key_source))
        file.flush()
        os.fsync(file.fileno())
    if job.report.exists():
        raise FileExistsError
    draft.rename(job.report)


def _lines(job: Job, journal: Journal, key_source: str) -> Iterator[str]:
    reasons = journal.counts("reason")
    head = {
        "rules": SOURCE,
        "rules_digest": job.profile.digest,
        "profile": job.profile.name,
        "options": sorted(job.profile.options),
        "key": key_source,
        "subject": job.subject if job.subject in (PATIENT, FOLDER) else "named",
        "counts": {"files": journal.total(), **journal.counts()},
        "reasons": reasons,
        "sentences": {reason: WORDS[reason] for reason in reasons},
    }
    yield json.dumps(head, indent=1).removesuffix("\n}") + ',\n "files": ['
    for place, (path, status, entry, actions) in enumerate(journal.entries()):
        start = json.dumps({"source": source_text(path), "status": status})
        comma = "," if place else ""
        yield f'{comma}\n  {start[:-1]}, {entry[1:-1]}, "actions": {actions or "[]"}}}'
    yield "\n ]\n}\n"


def source_text(path: bytes) -> str:
    """A path as the report has it; bytes that are no text come back from it with `os.fsencode`."""
    return Path(os.fsdecode(path)).as_posix()

"""Takes a batch of files through reading, cleaning and drawing, each beside the others; writes nothing anywhere."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from core.errors import Missing
from core.storage.work import read
from curation.deid import Cleaned
from curation.work.examine import Fit, Subject, Unfit, judge, wash
from curation.work.files import SourceFile
from curation.work.render.client import drawer
from curation.work.render.picture import Picture
from curation.work.threads import Threads


@dataclass
class Examined:
    """What became of a batch: files that may be kept, files that may not, and what went wrong with others."""

    fit: list[tuple[SourceFile, Fit]] = field(default_factory=list)
    unfit: dict[SourceFile, str] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)


def examine(files: Sequence[SourceFile], subject: Subject, threads: Threads, until: float) -> Examined:
    """Examines the files in order, until `until` (of time.monotonic()); those after that are in no list.

    Sources are read ahead, and pictures are drawn while later files are cleaned. A file that fails stops no other.
    """
    reads = deque((file, threads.store.submit(read, file.stored)) for file in files)
    found, drawings = Examined(), deque[tuple[SourceFile, Cleaned, Future[Picture]]]()
    while reads and time.monotonic() <= until:
        file, reading = reads.popleft()
        washed = _washed(file, reading, subject, found)
        if washed is not None:
            drawings.append((file, washed, threads.drawing.submit(drawer().draw, washed.data, file.donation_id)))
    while drawings:
        _judged(*drawings.popleft(), found)
    return found


def _washed(file: SourceFile, reading: Future[bytes], subject: Subject, found: Examined) -> Cleaned | None:
    try:
        result = wash(reading.result(), subject)
    except Missing:
        result = Unfit("bytes_missing")
    except Exception as error:  # whatever it is, it is this file's: it is told once the others are kept
        found.errors.append(error)
        return None
    if isinstance(result, Unfit):
        found.unfit[file] = result.reason
        return None
    return result


def _judged(file: SourceFile, cleaned: Cleaned, drawing: Future[Picture], found: Examined) -> None:
    result = judge(cleaned, drawing)
    if isinstance(result, Unfit):
        found.unfit[file] = result.reason
    else:
        found.fit.append((file, result))

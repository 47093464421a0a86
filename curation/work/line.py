"""Takes batches of files through reading, cleaning, examining, writing and noting, each beside the others."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from core.errors import Missing
from core.storage.work import read
from curation.deid import Cleaned, Deidentifier
from curation.models import Derivation, KeyDomain
from curation.pixels.task import Examined, Task
from curation.rules.reasons import RECALLED
from curation.work.child import children
from curation.work.coded import check
from curation.work.examine import Fit, Unfit, judge, task_for, wash
from curation.work.files import SourceFile
from curation.work.keep import Writing, begin, complete
from curation.work.refuse import refuse, set_aside
from curation.work.seeds import seeds_from
from curation.work.threads import Threads
from curation.work.twins import Kin, sorted_by_kin

#: As many bytes of sources are under way at once, or one file, however large.
IN_FLIGHT_BYTES = 64 << 20


class Asked(NamedTuple):
    """A cleaned file whose picture is being examined."""

    file: SourceFile
    cleaned: Cleaned
    task: Task
    examining: Future[Examined]


@dataclass
class Washed:
    """A batch that was cleaned and searched: files whose pictures are being examined, and reasons against others."""

    clean: deque[Asked] = field(default_factory=deque)
    unfit: dict[SourceFile, Unfit] = field(default_factory=dict)
    size: int = 0


class Line:
    """One donor's files on their way: a batch is cleaned, the one before examined and the one before that written.

    Only `flush` makes sure that all is noted. `errors` holds what went wrong with single files, which stopped no other.
    """

    def __init__(self, engine: Deidentifier, domain: KeyDomain, threads: Threads, until: float) -> None:
        self.errors: list[Exception] = []
        self._engine, self._domain, self._threads, self._until = engine, domain, threads, until
        self._seeds = seeds_from(engine.study)
        self._examining, self._writing = Washed(), Writing()
        self._written = 0  # bytes of the sources of what is being written

    def take(self, batch: Sequence[SourceFile]) -> None:
        """Takes the next batch, and moves on those before it. Files that come after `until` are left as they are."""
        if self._examining.size + self._written + sum(file.size for file in batch) > IN_FLIGHT_BYTES:
            self.flush()
        washed = self._washed(self._not_cleaned(batch))
        self._move_on(washed)

    def flush(self) -> None:
        """Brings what is under way to its end."""
        self._move_on(Washed())
        self._move_on(Washed())

    def _move_on(self, washed: Washed) -> None:
        complete(self._writing, self._domain)
        examined, self._examining = self._examining, washed
        self._writing, self._written = self._decide(examined), examined.size

    def _not_cleaned(self, batch: Sequence[SourceFile]) -> list[SourceFile]:
        """The files of a batch without those of which an output exists, which are refused."""
        made = Derivation.objects.filter(file_id__in=[file.pk for file in batch], domain=self._domain)
        known = set(made.values_list("file_id", flat=True))
        refuse({file: "already_cleaned" for file in batch if file.pk in known})
        return [file for file in batch if file.pk not in known]

    def _washed(self, files: Sequence[SourceFile]) -> Washed:
        """Sources are read ahead; each file's picture is examined while the next ones are cleaned."""
        reads = deque((file, self._threads.store.submit(read, file.stored)) for file in files)
        found = Washed(size=sum(file.size for file in files))
        while reads and time.monotonic() <= self._until:
            file, reading = reads.popleft()
            try:
                result = (check if file.coded else wash)(reading.result(), self._engine)
            except Missing:
                result = Unfit("bytes_missing")
            except Exception as error:  # whatever it is, it is this file's: it is told once the others are kept
                self.errors.append(error)
                continue
            if isinstance(result, Unfit):
                found.unfit[file] = result
            else:
                task = task_for(result, self._engine, self._seeds)
                examining = self._threads.examining.submit(children().examine, result.data, task, file.donation_id)
                found.clean.append(Asked(file, result, task, examining))
        return found

    def _decide(self, washed: Washed) -> Writing:
        """Refuses or sets aside what may not be kept or was given before, and begins to write the rest."""
        fit = self._fit(washed)
        kin = sorted_by_kin(fit, self._domain)
        known = dict.fromkeys(kin[Kin.CONFLICT], "uid_conflict") | dict.fromkeys(kin[Kin.RECALLED], RECALLED)
        refuse(
            {file: each.reason for file, each in washed.unfit.items()} | known,
            {file: each.found for file, each in washed.unfit.items()},
        )
        set_aside(kin[Kin.DUPLICATE])
        new = set(kin[Kin.NEW])
        return begin([(file, each) for file, each in fit if file in new], self._threads.store)

    def _fit(self, washed: Washed) -> list[tuple[SourceFile, Fit]]:
        """The files that may be kept, once their pictures are examined; the others join the unfit.

        Once the step's time is over no further one is begun: those that nobody has begun to examine stay as they are.
        """
        fit = []
        while washed.clean:
            file, cleaned, task, examining = washed.clean.popleft()
            if time.monotonic() > self._until and examining.cancel():
                continue
            try:
                result = judge(cleaned, task, examining)
            except Exception as error:  # the machine's fault, not the file's: it is tried again later
                self.errors.append(error)
                continue
            if isinstance(result, Unfit):
                washed.unfit[file] = result
            else:
                fit.append((file, result))
        return fit

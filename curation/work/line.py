"""Takes batches of files through reading, cleaning, drawing, writing and noting, each beside the others."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from core.errors import Missing
from core.storage.work import read
from curation.deid import Cleaned, Deidentifier
from curation.models import Derivation, KeyDomain
from curation.rules.reasons import RECALLED
from curation.work.examine import Fit, Unfit, judge, wash
from curation.work.files import SourceFile
from curation.work.keep import Writing, begin, complete
from curation.work.refuse import refuse, set_aside
from curation.work.render.client import drawers
from curation.work.render.picture import Picture
from curation.work.threads import Threads
from curation.work.twins import Kin, sorted_by_kin

#: As many bytes of sources are under way at once, or one file, however large.
IN_FLIGHT_BYTES = 64 << 20


@dataclass
class Washed:
    """A batch that was cleaned and searched: files whose pictures are being drawn, and reasons against others."""

    clean: deque[tuple[SourceFile, Cleaned, Future[Picture]]] = field(default_factory=deque)
    unfit: dict[SourceFile, str] = field(default_factory=dict)
    size: int = 0


class Line:
    """One donor's files on their way: a batch is cleaned while the one before is drawn and the one before that written.

    Only `flush` makes sure that all is noted. `errors` holds what went wrong with single files, which stopped no other.
    """

    def __init__(self, engine: Deidentifier, domain: KeyDomain, threads: Threads, until: float) -> None:
        self.errors: list[Exception] = []
        self._engine, self._domain, self._threads, self._until = engine, domain, threads, until
        self._drawing, self._writing = Washed(), Writing()
        self._written = 0  # bytes of the sources of what is being written

    def take(self, batch: Sequence[SourceFile]) -> None:
        """Takes the next batch, and moves on those before it. Files that come after `until` are left as they are."""
        if self._drawing.size + self._written + sum(file.size for file in batch) > IN_FLIGHT_BYTES:
            self.flush()
        washed = self._washed(self._not_cleaned(batch))
        self._move_on(washed)

    def flush(self) -> None:
        """Brings what is under way to its end."""
        self._move_on(Washed())
        self._move_on(Washed())

    def _move_on(self, washed: Washed) -> None:
        complete(self._writing, self._domain)
        drawn, self._drawing = self._drawing, washed
        self._writing, self._written = self._decide(drawn), drawn.size

    def _not_cleaned(self, batch: Sequence[SourceFile]) -> list[SourceFile]:
        """The files of a batch without those of which an output exists, which are refused."""
        made = Derivation.objects.filter(file_id__in=[file.pk for file in batch], domain=self._domain)
        known = set(made.values_list("file_id", flat=True))
        refuse({file: "already_cleaned" for file in batch if file.pk in known})
        return [file for file in batch if file.pk not in known]

    def _washed(self, files: Sequence[SourceFile]) -> Washed:
        """Sources are read ahead; each file's picture is drawn while the next ones are cleaned."""
        reads = deque((file, self._threads.store.submit(read, file.stored)) for file in files)
        found = Washed(size=sum(file.size for file in files))
        while reads and time.monotonic() <= self._until:
            file, reading = reads.popleft()
            try:
                result = wash(reading.result(), self._engine)
            except Missing:
                result = Unfit("bytes_missing")
            except Exception as error:  # whatever it is, it is this file's: it is told once the others are kept
                self.errors.append(error)
                continue
            if isinstance(result, Unfit):
                found.unfit[file] = result.reason
            else:
                drawing = self._threads.drawing.submit(drawers().draw, result.data, file.donation_id)
                found.clean.append((file, result, drawing))
        return found

    def _decide(self, washed: Washed) -> Writing:
        """Refuses or sets aside what may not be kept or was given before, and begins to write the rest."""
        fit = self._fit(washed)
        kin = sorted_by_kin(fit, self._domain)
        again = dict.fromkeys(kin[Kin.RECALLED], RECALLED)
        refuse(washed.unfit | dict.fromkeys(kin[Kin.CONFLICT], "uid_conflict") | again)
        set_aside(kin[Kin.DUPLICATE])
        new = set(kin[Kin.NEW])
        return begin([(file, each) for file, each in fit if file in new], self._threads.store)

    @staticmethod
    def _fit(washed: Washed) -> list[tuple[SourceFile, Fit]]:
        """The files that may be kept, once their pictures are drawn; the others join the unfit."""
        fit = []
        while washed.clean:
            file, cleaned, drawing = washed.clean.popleft()
            result = judge(cleaned, drawing)
            if isinstance(result, Unfit):
                washed.unfit[file] = result.reason
            else:
                fit.append((file, result))
        return fit

"""Before the first file of a donation is cleaned: what all of them say about who they are of, sealed until they are.

What a file is cleaned to thus never depends on which batch, worker or attempt cleans it. What the donor's other
donations say is not used.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future

from django.db import IntegrityError, transaction

from consent.queries import may_donate
from core.errors import Missing
from core.storage.work import read_start
from curation.deid.folder.said import facts_from, text_of_facts
from curation.deid.headers import Headers
from curation.deid.texts.facts import NOTHING, Facts
from curation.models import KeyDomain, Survey
from curation.work.files import MOST_FILES, SourceFile, files_given
from curation.work.keys import seal, unseal

#: So much of each file is fetched first, and then more of those whose header goes on behind it.
FIRST_BYTES, MORE_BYTES = 256 << 10, 16 << 20
#: Files that are fetched ahead.
AHEAD = 16


def surveyed(one: SourceFile, domain: KeyDomain, threads: Executor, until: float) -> Facts | None:
    """What the files of a donation say, `one` being any of them; None where more is left than can be read by `until`.

    None, too, where the donor has withdrawn or another worker was quicker. A kill costs what this step has read.
    """
    found = Survey.objects.filter(donation_id=one.donation_id).select_related("domain").first()
    if found is not None and found.is_complete:
        return _opened(found)
    headers = Headers(NOTHING if found is None else _opened(found))
    files = files_given(one.donation_id, after=None if found is None else found.seen_to)
    read = _read(files, headers, threads, until)
    is_complete = read == len(files) < MOST_FILES
    seen_to = files[read - 1].pk if read else None if found is None else found.seen_to
    if seen_to is None or not (read or is_complete):
        return None
    survey = Survey(
        programme_id=one.programme_id,
        donor_id=one.donor_id,
        domain=domain,
        donation_id=one.donation_id,
        sealed=seal(domain, one.donation_id, text_of_facts([headers.facts]).encode()),
        seen_to=seen_to,
        is_complete=is_complete,
    )
    return headers.facts if _noted(survey, found) and is_complete else None


def _read(files: Sequence[SourceFile], headers: Headers, threads: Executor, until: float) -> int:
    """Reads the files' headers in order; how many of them before the time was over."""
    for number, (file, start) in enumerate(_starts(files, threads)):
        if time.monotonic() > until:
            return number
        try:
            if not file.coded:
                _add(file, start.result(), headers)
        except Missing:
            continue  # nothing is made of it either
    return len(files)


def _starts(files: Sequence[SourceFile], threads: Executor) -> Iterator[tuple[SourceFile, Future[bytes]]]:
    """Each file with its first bytes, which are fetched while those before it are read.

    A file that came as cleaned says nothing: its name is a pseudonym, which stands in all that is cleaned by right.
    """
    ahead: deque[tuple[SourceFile, Future[bytes]]] = deque()
    for file in files:
        ahead.append((file, threads.submit(_start, file)))
        if len(ahead) == AHEAD:
            yield ahead.popleft()
    yield from ahead


def _start(file: SourceFile) -> bytes:
    return b"" if file.coded else read_start(file.stored, FIRST_BYTES)


def _add(file: SourceFile, start: bytes, headers: Headers) -> None:
    for size in (MORE_BYTES, file.size, 0):
        if headers.add(start, whole=len(start) >= file.size) or not size:
            return
        start = read_start(file.stored, size)


def _noted(survey: Survey, before: Survey | None) -> bool:
    """Keeps what was read so far, unless the donor has withdrawn or another worker has kept more meanwhile."""
    try:
        with transaction.atomic():
            if not may_donate(survey.donor_id):
                return False
            if before is None:
                survey.save(force_insert=True)
                return True
            now = {name: getattr(survey, name) for name in ("domain", "sealed", "seen_to", "is_complete")}
            return bool(Survey.objects.filter(pk=before.pk, seen_to=before.seen_to, is_complete=False).update(**now))
    except IntegrityError:
        return False


def _opened(survey: Survey) -> Facts:
    return facts_from([unseal(survey.domain, survey.donation_id, bytes(survey.sealed)).decode()])

"""Cleans a donation in bounded steps, batch by batch; a kill at any point loses nothing and doubles nothing."""

import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consent.queries import identity_of, may_donate
from core.due.models import DueWork
from curation.deid import Deidentifier
from curation.work.examine import facts_about
from curation.work.files import SourceFile, batches, files_left, is_any_left
from curation.work.finish import CLEAN_KIND, finish
from curation.work.keys import domain_of, group_key, subject_key
from curation.work.line import Line
from curation.work.survey import surveyed
from curation.work.threads import threads

#: One step's length in seconds; well below the lease, so that no second worker starts while the first is at it.
STEP_SECONDS = 20
#: A batch is kept by one transaction.
BATCH_FILES, BATCH_BYTES = 50, 20 << 20


def clean_donation(donation_id: UUID) -> datetime | None:
    """Decides as many of the donation's files as fit into one step, then hands it to curators when all are decided.

    Returns now where more is left, None where nothing is, also when the donor has withdrawn meanwhile. What went wrong
    with a file is raised once the others are decided.
    """
    until = time.monotonic() + STEP_SECONDS
    files = files_left(donation_id)
    if files and not _clean(files, until):
        return None
    if is_any_left(donation_id):
        return timezone.now()
    return None if finish(donation_id, until=until) else timezone.now()


def _clean(files: Sequence[SourceFile], until: float) -> bool:
    """Reads what all files say, then cleans batch by batch; whether the donor still takes part."""
    first = files[0]
    domain, identity = domain_of(first.programme_id), identity_of(first.donor_id)
    if identity is None:
        return False
    with threads() as pools:
        said = surveyed(first, domain, pools.store, until)
        if said is None:
            return may_donate(first.donor_id)
        engine = Deidentifier(
            subject_key(domain, first.donor_id), group_key=group_key(domain), study=said | facts_about(identity)
        )
        return _in_batches(files, Line(engine, domain, pools, until), until)


def _in_batches(files: Sequence[SourceFile], line: Line, until: float) -> bool:
    takes_part = True
    for batch in batches(files, most_files=_most_files(files[0].donation_id), most_bytes=BATCH_BYTES):
        takes_part = may_donate(files[0].donor_id)
        if not takes_part or time.monotonic() > until:
            break
        line.take(batch)
    line.flush()
    if line.errors:
        raise line.errors[0]
    return takes_part


def _most_files(donation_id: UUID) -> int:
    """One where the last attempt failed or died: whatever killed it is then the only file that it costs."""
    failed = DueWork.objects.filter(kind=CLEAN_KIND, subject_id=donation_id, done=False, attempts__gt=1)
    return 1 if failed.exists() else BATCH_FILES

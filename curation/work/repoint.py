"""Has the files of a study lead to what its images became when their pixels changed, in bounded steps.

What is to be done follows from the rows alone: an image's UIDs of before from its own (uids.py), and from `led_to`
which of them a file was last compared with. So a kill at any point is made good by running it again.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from consent.queries import may_donate
from core.lifecycle import hold
from core.storage.models import StoredObject
from core.storage.work import erase, read, reserve, write
from core.storage.zones import Zone
from curation.models import Derivation, Series
from curation.pixels.repoint import repointed
from curation.rules.lifecycle import OPEN, SeriesState
from curation.work.actor import CLEANER
from curation.work.keys import subject_key
from curation.work.uids import uids_before

GONE = (SeriesState.REJECTED, SeriesState.WITHDRAWN)
#: So many rows are read at once.
BATCH = 50


def repoint(series: Sequence[Series], *, until: float) -> bool:
    """Points all files of the studies of these series to the images as they are now; whether that is done.

    `series`: what the caller's work is about to show, and nobody else changes now. Files of other series follow while
    curators can decide on them; those that are in another worker's hands follow at the end of its work, and what was
    accepted stays. `until`: of time.monotonic(), when to stop. Nothing is read where no image of a study changed.
    """
    mine = {each.pk: each.state for each in series}
    studies = dict.fromkeys((each.donor_id, each.study_uid) for each in series)
    return all(_follow(_Study(donor_id, study_uid, mine), until) for donor_id, study_uid in studies)


@dataclass(frozen=True)
class _Study:
    """A donor's study, and which series of it are the caller's, each with its state."""

    donor_id: UUID
    uid: str
    mine: Mapping[UUID, str]

    @property
    def _images(self) -> QuerySet[Derivation]:
        return Derivation.objects.filter(series__donor_id=self.donor_id, series__study_uid=self.uid)

    @cached_property
    def new_uids(self) -> dict[str, str]:
        """The UIDs that changed images had, and the one that each of these has now."""
        changed = self._images.exclude(series__state__in=GONE).exclude(sop_uid=F("cleaned_uid"))
        found: dict[str, str] = {}
        for image in changed.select_related("domain").order_by("pk"):
            key = subject_key(image.domain, self.donor_id)
            found |= dict.fromkeys(uids_before(key, image.cleaned_uid, image.sop_uid), image.sop_uid)
        return found

    @cached_property
    def digest(self) -> str:
        """Names these UIDs: a file that was compared with them need not be read again."""
        lines = sorted(f"{old} {new}" for old, new in self.new_uids.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def files(self) -> Iterator[Derivation]:
        """The files that may lead elsewhere, each once."""
        open_or_mine = Q(series__state__in=OPEN) | Q(series_id__in=list(self.mine))
        rows = self._images.filter(open_or_mine).exclude(led_to=self.digest).select_related("series", "output")
        last: UUID | None = None
        while batch := list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:BATCH]):
            yield from batch
            last = batch[-1].pk

    def may_change(self, series: Series) -> bool:
        """Whether nobody else works on a series, and its donor takes part; in a transaction that holds the series."""
        return (series.state in OPEN or self.mine.get(series.pk) == series.state) and may_donate(self.donor_id)


def _follow(study: _Study, until: float) -> bool:
    if not study.new_uids:
        return True
    for file in study.files():
        if time.monotonic() > until:
            return False
        if not may_donate(study.donor_id):
            return True  # what they leave is erased, and shown to nobody
        _point(file, study)
    return True


def _point(file: Derivation, study: _Study) -> None:
    """Replaces a file's output by one that leads to the images of now, if it leads to any of before.

    A kill leaves an object that nothing names, which a sweep erases.
    """
    data = read(file.output)
    made = repointed(data, study.new_uids)
    if made == data:
        Derivation.objects.filter(pk=file.pk, output_id=file.output_id).update(led_to=study.digest)
        return
    series, media_type = file.series, file.output.media_type
    new = reserve(Zone.CLEAN, programme_id=series.programme_id, donor_id=series.donor_id, media_type=media_type)
    write(new, made, by=CLEANER)
    left = file.output_id if _replaced(file, new, study) else new.pk
    erase(StoredObject.objects.filter(pk=left), by=CLEANER, why="superseded")


@transaction.atomic
def _replaced(file: Derivation, new: StoredObject, study: _Study) -> bool:
    """Names the new output in place of the old, unless somebody decided on the series or changed the file meanwhile."""
    hold(file.series)
    if not study.may_change(file.series):
        return False
    now = Derivation.objects.filter(pk=file.pk, output_id=file.output_id)
    return bool(now.update(output=new, output_sha256=new.sha256, led_to=study.digest))

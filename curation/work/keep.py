"""Keeps what the cleaner made of files: bytes first, then everything that names them in one transaction."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from itertools import islice

from django.db import IntegrityError, transaction

from consent.queries import may_donate
from core.bulk import insert
from core.errors import Conflict
from core.storage import many
from core.storage.many import Draft
from core.storage.models import StoredObject
from core.storage.zones import Zone
from curation.models import Derivation, KeyDomain, Series
from curation.pixels.detect import rules_digest
from curation.pixels.task import Examined
from curation.rules.deeds import summed
from curation.rules.lifecycle import SeriesState
from curation.work.actor import CLEANER
from curation.work.examine import Fit
from curation.work.files import SourceFile
from curation.work.geometry import extent_of
from curation.work.links import note_links
from curation.work.marks import marks_of, sheet_of
from curation.work.refuse import refuse
from curation.work.words import note_words
from registry import work as registry


class Superseded(Exception):
    """What was made is not needed any more: the donor has withdrawn."""


class SeriesShown(Exception):
    """A curator has been shown the series that a file belongs to; nothing may join it any more."""


@dataclass(frozen=True)
class Made:
    """What was made of a file, and the objects that its output and its pictures become."""

    file: SourceFile
    fit: Fit
    output: StoredObject
    render: StoredObject
    before: StoredObject | None = None

    @property
    def objects(self) -> list[StoredObject]:
        """All of them."""
        return [self.output, self.render, *([self.before] if self.before else [])]


@dataclass
class Writing:
    """Files of one donor whose objects are reserved and being written. A kill leaves objects that nothing names."""

    made: list[Made] = field(default_factory=list)
    futures: list[Future[None]] = field(default_factory=list)


def begin(kept: Sequence[tuple[SourceFile, Fit]], threads: Executor) -> Writing:
    """Reserves the objects of all outputs and pictures of one donor, then starts writing them."""
    if not kept:
        return Writing()
    by_file = [drafts_of(fit.data, fit.sha256, fit.examined) for _, fit in kept]
    drafts = [draft for some in by_file for draft in some]
    things = many.reserve(drafts, programme_id=kept[0][0].programme_id, donor_id=kept[0][0].donor_id)
    left = iter(things)
    made = [Made(*pair, *islice(left, len(some))) for pair, some in zip(kept, by_file, strict=True)]
    return Writing(made, many.begin(drafts, things, threads))


def complete(writing: Writing, domain: KeyDomain) -> None:
    """Waits until all bytes are written, then notes all of the files with their new states.

    Where one of them cannot be noted each is tried alone. What is not needed any more is erased: the donor has
    withdrawn, another worker was quicker, or a curator has been shown the series (which refuses the file).
    """
    for each in writing.futures:
        each.result()
    if writing.made:
        _settle(writing.made, domain)


def _settle(made: Sequence[Made], domain: KeyDomain) -> None:
    try:
        _note(made, domain)
    except (Superseded, SeriesShown, IntegrityError, Conflict) as error:
        if len(made) > 1:
            for one in made:
                _settle([one], domain)
            return
        many.take_back(made[0].objects, by=CLEANER, why="superseded")
        if isinstance(error, SeriesShown):
            refuse({made[0].file: "series_shown"})


def drafts_of(data: bytes, sha256: str, examined: Examined) -> list[Draft]:
    """What is stored of a file: its bytes, its picture, and the picture before anything was blanked, if any was."""
    sheets = [examined.after, *([examined.before] if examined.before else [])]
    pictures = [Draft(Zone.REVIEW, "image/png", each.png, hashlib.sha256(each.png).hexdigest()) for each in sheets]
    return [Draft(Zone.CLEAN, "application/dicom", data, sha256), *pictures]


@transaction.atomic
def _note(made: Sequence[Made], domain: KeyDomain) -> None:
    if not may_donate(made[0].file.donor_id):
        raise Superseded
    first = {one.fit.cleaned.series_uid: one for one in reversed(made)}
    series = {uid: _series_of(one) for uid, one in reversed(first.items())}
    insert(Derivation, [_derivation(one, series[one.fit.cleaned.series_uid], domain) for one in made])
    note_words(
        [one.fit.cleaned for one in made], programme_id=made[0].file.programme_id, donor_id=made[0].file.donor_id
    )
    note_links({one.file: one.fit.cleaned for one in made}, domain)
    registry.mark_cleaned(*[one.file.pk for one in made], by=CLEANER)
    # The last of all: should anything have failed before, the objects in memory are still as their rows are.
    many.stored([thing for one in made for thing in one.objects], by=CLEANER)


def _series_of(one: Made) -> Series:
    cleaned = one.fit.cleaned
    series, _ = Series.objects.get_or_create(
        donation_id=one.file.donation_id,
        series_uid=cleaned.series_uid,
        defaults={
            "programme_id": one.file.programme_id,
            "donor_id": one.file.donor_id,
            "study_uid": cleaned.study_uid,
            "modality": cleaned.modality[:16],
            "body_part": cleaned.body_part[:32],
        },
    )
    if series.state != SeriesState.CLEANING:
        raise SeriesShown
    return series


def _derivation(one: Made, series: Series, domain: KeyDomain) -> Derivation:
    cleaned, examined = one.fit.cleaned, one.fit.examined
    extent = extent_of(cleaned)
    return Derivation(
        series=series,
        file_id=one.file.pk,
        domain=domain,
        output=one.output,
        render=one.render,
        before=one.before,
        source_sha256=cleaned.source_sha256,
        cleaned_sha256=cleaned.output_sha256,
        output_sha256=one.fit.sha256,
        rules_digest=cleaned.rules_digest,
        pixel_rules=rules_digest(),
        cleaned_uid=cleaned.sop_instance_uid,
        sop_uid=one.fit.sop_uid,
        sop_class_uid=cleaned.sop_class_uid,
        position=examined.position,
        rows=cleaned.rows,
        columns=cleaned.columns,
        frames=cleaned.frames,
        pixel_risk=examined.risk,
        pixel_reasons=list(examined.reasons),
        marks=marks_of(examined.findings),
        sheet=sheet_of(examined.after),
        geometry={} if extent is None else extent.as_dict(),
        decisions=summed(cleaned.decisions),
        warnings=cleaned.warnings,
    )

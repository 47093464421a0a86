"""Keeps what the cleaner made of a file: bytes first, then everything that names them in one transaction."""

from django.db import IntegrityError, transaction

from consent.queries import may_donate
from core.errors import Conflict
from core.storage.models import StoredObject
from core.storage.work import erase, reserve, write
from core.storage.zones import Zone
from curation.models import Derivation, KeyDomain, Series
from curation.rules.deeds import summed
from curation.rules.lifecycle import SeriesState
from curation.work.actor import CLEANER
from curation.work.examine import Fit
from curation.work.files import SourceFile
from registry import work as registry


class Superseded(Exception):
    """What was made is not needed any more: the donor has withdrawn, or another worker was quicker."""


class SeriesShown(Exception):
    """A curator has been shown the series that the file belongs to; nothing may join it any more."""


def keep(file: SourceFile, fit: Fit, domain: KeyDomain) -> None:
    """Stores output and picture, then notes them with the file's new state. Raises Superseded or SeriesShown.

    A kill between the two leaves objects that nothing names; the reaper erases them.
    """
    made = [_stored(file, Zone.CLEAN, "application/dicom", fit.cleaned.data)]
    try:
        made.append(_stored(file, Zone.REVIEW, "image/png", fit.picture.png))
        _note(file, fit, domain, output=made[0], render=made[1])
    except (Superseded, SeriesShown, IntegrityError, Conflict) as error:
        erase(made, by=CLEANER, why="superseded")
        if isinstance(error, SeriesShown):
            raise
        raise Superseded from None


def twin_of(file: SourceFile, fit: Fit, domain: KeyDomain) -> Derivation | None:
    """What was kept before of the same DICOM instance of this donor, by its keyed SOP Instance UID."""
    gone = (SeriesState.REJECTED, SeriesState.WITHDRAWN)
    kept = Derivation.objects.filter(domain=domain, sop_uid=fit.cleaned.sop_instance_uid).exclude(file_id=file.pk)
    return kept.filter(series__donor_id=file.donor_id).exclude(series__state__in=gone).first()


def _stored(file: SourceFile, zone: Zone, media_type: str, data: bytes) -> StoredObject:
    thing = reserve(zone, programme_id=file.programme_id, donor_id=file.donor_id, media_type=media_type)
    return write(thing, data, by=CLEANER)


@transaction.atomic
def _note(file: SourceFile, fit: Fit, domain: KeyDomain, *, output: StoredObject, render: StoredObject) -> None:
    if not may_donate(file.donor_id):
        raise Superseded
    cleaned = fit.cleaned
    series, _ = Series.objects.get_or_create(
        donation_id=file.donation_id,
        series_uid=cleaned.series_uid,
        defaults={
            "programme_id": file.programme_id,
            "donor_id": file.donor_id,
            "study_uid": cleaned.study_uid,
            "modality": cleaned.modality[:16],
            "body_part": cleaned.body_part[:32],
        },
    )
    if series.state != SeriesState.CLEANING:
        raise SeriesShown
    Derivation.objects.create(
        series=series,
        file_id=file.pk,
        domain=domain,
        output=output,
        render=render,
        source_sha256=cleaned.source_sha256,
        output_sha256=cleaned.output_sha256,
        rules_digest=cleaned.rules_digest,
        sop_uid=cleaned.sop_instance_uid,
        sop_class_uid=cleaned.sop_class_uid,
        position=fit.picture.position,
        rows=cleaned.rows,
        columns=cleaned.columns,
        frames=cleaned.frames,
        pixel_risk=cleaned.pixel_risk,
        decisions=summed(cleaned.decisions),
        warnings=cleaned.warnings,
    )
    registry.mark_cleaned(file.pk, by=CLEANER)

"""Cleans a donation, file by file, in bounded steps; a kill at any point loses nothing and doubles nothing."""

import time
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consent.queries import identity_of, may_donate
from core.errors import Missing
from curation.models import Derivation, KeyDomain
from curation.work.examine import Fit, Subject, Unfit, examine
from curation.work.files import SourceFile, files_left
from curation.work.finish import finish
from curation.work.keep import SeriesShown, Superseded, keep, twin_of
from curation.work.keys import domain_of, subject_key
from curation.work.refuse import refuse, set_aside
from registry import work as registry

#: One step's length in seconds; well below the lease, so that no second worker starts while the first is at it.
STEP_SECONDS = 20


def clean_donation(donation_id: UUID) -> datetime | None:
    """Decides as many of the donation's files as fit into one step, then hands it to curators when all are decided.

    Returns now where more is left, None where nothing is, also when the donor has withdrawn meanwhile.
    """
    until = time.monotonic() + STEP_SECONDS
    files = files_left(donation_id)
    if files:
        domain = domain_of(files[0].programme_id)
        subject = _subject(domain, files[0].donor_id)
    for file in files:
        if time.monotonic() > until:
            return timezone.now()
        if subject is None or not may_donate(file.donor_id):
            return None
        clean_file(file, subject, domain)
    if files_left(donation_id):
        return timezone.now()
    finish(donation_id)
    return None


def clean_file(file: SourceFile, subject: Subject, domain: KeyDomain) -> None:
    """Decides one file: kept, a duplicate, or refused with a reason."""
    if Derivation.objects.filter(file_id=file.pk, domain=domain).exists():
        return refuse(file, "already_cleaned")
    try:
        result = examine(registry.read_source(file.pk), subject)
    except Missing:
        return refuse(file, "bytes_missing")
    if isinstance(result, Unfit):
        return refuse(file, result.reason)
    twin = twin_of(file, result, domain)
    if twin is None:
        return _keep(file, result, domain)
    if twin.output_sha256 != result.cleaned.output_sha256:
        return refuse(file, "uid_conflict")
    return set_aside(file)


def _subject(domain: KeyDomain, donor_id: UUID) -> Subject | None:
    identity = identity_of(donor_id)
    return None if identity is None else Subject(subject_key(domain, donor_id), identity)


def _keep(file: SourceFile, fit: Fit, domain: KeyDomain) -> None:
    try:
        keep(file, fit, domain)
    except SeriesShown:
        refuse(file, "series_shown")
    except Superseded:
        return  # withdrawn meanwhile, or kept by another worker

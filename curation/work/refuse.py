"""Leaves a file where it is: the registry's state and curation's reason, in one transaction."""

from django.db import transaction

from core.errors import Conflict
from curation.deid import RULES_DIGEST
from curation.models import Derivation, Refusal, Series
from curation.work.actor import CLEANER
from curation.work.files import SourceFile, still_left
from registry import work as registry


@transaction.atomic
def refuse(file: SourceFile, reason: str) -> None:
    """Refuses a file that is to be cleaned, unless it was decided meanwhile (by another worker, or by withdrawal)."""
    if still_left(file):
        registry.mark_quarantined(file.pk, reason, by=CLEANER)
        _note(file, reason)


@transaction.atomic
def set_aside(file: SourceFile) -> None:
    """Notes that a file brings only what another brought before, unless it was decided meanwhile."""
    if still_left(file):
        registry.mark_duplicate(file.pk, by=CLEANER)


def refuse_series(series: Series) -> None:
    """Refuses every file of a rejected series for the curator's reason. Safe to run twice."""
    for file_id in Derivation.objects.filter(series=series).values_list("file_id", flat=True):
        file = SourceFile(file_id, series.donation_id, series.programme_id, series.donor_id)
        try:
            with transaction.atomic():
                registry.mark_quarantined(file_id, series.reason, by=CLEANER)
                _note(file, series.reason)
        except Conflict:
            continue  # removed meanwhile: the donor has withdrawn


def _note(file: SourceFile, reason: str) -> None:
    Refusal.objects.get_or_create(
        file_id=file.pk,
        defaults={
            "programme_id": file.programme_id,
            "donor_id": file.donor_id,
            "reason": reason,
            "rules_digest": RULES_DIGEST,
        },
    )

"""Leaves files where they are: the registry's state and curation's reason, in one transaction."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from core.bulk import insert
from core.errors import Conflict
from curation.deid import RULES_DIGEST
from curation.models import Derivation, Refusal, Series
from curation.work.actor import CLEANER
from curation.work.files import SourceFile, still_left
from registry import work as registry

Found = Mapping[SourceFile, Sequence[str]]


def refuse(reasons: Mapping[SourceFile, str], found: Found = MappingProxyType({})) -> None:
    """Refuses files that are to be cleaned, each for its reason, unless it was decided meanwhile.

    That is by another worker, or by withdrawal. `found`: the codes of what was found in those that came as cleaned.
    """
    if reasons:
        _refuse(reasons, found)


@transaction.atomic
def _refuse(reasons: Mapping[SourceFile, str], found: Found) -> None:
    left = still_left(reasons)
    by_reason: dict[str, list[UUID]] = {}
    for file, reason in reasons.items():
        if file.pk in left:
            by_reason.setdefault(reason, []).append(file.pk)
    for reason, file_ids in by_reason.items():
        registry.mark_quarantined(*file_ids, reason=reason, by=CLEANER)
    known = set(Refusal.objects.filter(file_id__in=left).values_list("file_id", flat=True))
    insert(Refusal, [_refusal(file, reasons[file], found) for file in reasons if file.pk in left - known])


@transaction.atomic
def set_aside(files: Sequence[SourceFile]) -> None:
    """Notes of files that each brings only what another brought before, unless it was decided meanwhile."""
    left = still_left(files)
    registry.mark_duplicate(*[file.pk for file in files if file.pk in left], by=CLEANER)


def refuse_series(series: Series) -> None:
    """Refuses every file of a rejected series for the curator's reason. Safe to run twice."""
    for file_id in Derivation.objects.filter(series=series).values_list("file_id", flat=True):
        try:
            with transaction.atomic():
                registry.mark_quarantined(file_id, reason=series.reason, by=CLEANER)
                Refusal.objects.get_or_create(
                    file_id=file_id,
                    defaults={
                        "programme_id": series.programme_id,
                        "donor_id": series.donor_id,
                        "reason": series.reason,
                        "rules_digest": RULES_DIGEST,
                    },
                )
        except Conflict:
            continue  # removed meanwhile: the donor has withdrawn


def _refusal(file: SourceFile, reason: str, found: Found) -> Refusal:
    return Refusal(
        programme_id=file.programme_id,
        donor_id=file.donor_id,
        file_id=file.pk,
        reason=reason,
        found=list(found.get(file, ())),
        rules_digest=RULES_DIGEST,
    )

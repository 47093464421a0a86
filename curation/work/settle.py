"""Gives a recheck's hits their consequences: the registry recalls its images, what waits for curators is rejected."""

from curation.models import Derivation, Recheck, Rechecked
from curation.rules.lifecycle import OPEN, SeriesState
from curation.rules.outcomes import Outcome
from curation.rules.reasons import RECHECK
from curation.work.actor import CLEANER
from curation.work.condemn import reject
from registry import queries as registry
from registry import work as registry_work

#: A worker has the series, and lets it wait for curators when it is done.
UNFINISHED = (SeriesState.CLEANING, SeriesState.DEFACING, SeriesState.REDACTING)


def settle_hits(recheck: Recheck) -> None:
    """Settles the hits that can be settled now; one whose series a worker still has waits. Safe to run twice."""
    for hit in recheck.files.filter(is_settled=False).select_related("derivation__series").order_by("pk"):
        if _settle(recheck, hit.derivation):
            Rechecked.objects.filter(pk=hit.pk).update(is_settled=True)


def _settle(recheck: Recheck, found: Derivation) -> bool:
    series = found.series
    if series.state in UNFINISHED:
        return False
    if series.state in OPEN:
        return reject(series, RECHECK)
    if series.state == SeriesState.ACCEPTED:
        registry_work.recall_found(
            [found.file_id], programme_id=recheck.programme_id, recheck_id=recheck.pk, by=CLEANER
        )
    return True


def known_under(one: Derivation, digest: str) -> bool:
    """Whether these very rules looked at the file before and found nothing, or what a steward found to be nothing."""
    before = Rechecked.objects.filter(derivation=one, code_digest=digest)
    if before.filter(outcome=Outcome.UNCHANGED).exists():
        return True
    if not before.filter(outcome=Outcome.HIT, is_settled=True).exists():
        return False
    return not registry.stopped_images().filter(file_id=one.file_id).exists()

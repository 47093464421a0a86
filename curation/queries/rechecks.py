"""Rechecks: what of the clean store is to be looked through again, and what one has found so far."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.errors import Missing
from curation.models import Derivation, Recheck, Rechecked
from curation.rules.lifecycle import SeriesState
from curation.rules.outcomes import Outcome
from curation.rules.recheck_report import Report, Row
from registry import queries as registry


def clean_files(programme_id: UUID) -> QuerySet[Derivation]:
    """The whole clean store of a programme: each cleaned file that has not been rejected or withdrawn, by its id."""
    kept = frozenset(SeriesState) - {SeriesState.REJECTED, SeriesState.WITHDRAWN}
    return Derivation.objects.filter(series__programme_id=programme_id, series__state__in=kept).order_by("pk")


def rechecks_visible(user: Reader) -> QuerySet[Recheck]:
    """The rechecks of the programmes in which the user is steward, curator or auditor, newest first."""
    mine = programmes(user, Role.STEWARD, Role.CURATOR, Role.AUDITOR)
    return Recheck.objects.filter(programme__in=mine).select_related("programme").order_by("-pk")


def recheck_of(user: Reader, recheck_id: UUID) -> Recheck:
    """One recheck that the user may see; raises Missing."""
    found = rechecks_visible(user).filter(pk=recheck_id).first()
    if found is None:
        raise Missing("There is no such recheck.")
    return found


def report_on(recheck: Recheck) -> Report:
    """What a recheck has found so far; its files are those of which there is something to say."""
    files = recheck.files.order_by("pk")
    outcomes = Counter(files.values_list("outcome", flat=True))
    said = files.filter(outcome__in=[Outcome.HIT, Outcome.UNREADABLE]).select_related("derivation")
    rows = [_row(each) for each in said]
    hits = [each.derivation.file_id for each in said if each.outcome == Outcome.HIT]
    return Report(
        recheck=str(recheck.pk),
        programme=recheck.programme.slug,
        state=recheck.state,
        # What was erased before its turn is looked at no more, so the number from the start may be too high.
        total=outcomes.total() if recheck.finished_at else max(recheck.total, outcomes.total()),
        examined=outcomes.total(),
        outcomes={each.value: outcomes[each] for each in Outcome},
        codes=dict(Counter(code for row in rows for code in row.codes.split())),
        recalled=registry.stopped_images().filter(file_id__in=hits).count(),
        rules_before=dict(Counter(files.values_list("rules_before", flat=True))),
        rules_now=recheck.rules_digest,
        code_digest=recheck.code_digest,
        started=_moment(recheck.started_at),
        finished=_moment(recheck.finished_at),
        files=rows,
    )


def _row(each: Rechecked) -> Row:
    made = each.derivation
    return Row(
        derivation=str(made.pk),
        series=str(made.series_id),
        sop_uid=made.sop_uid,
        outcome=each.outcome,
        codes=" ".join(each.codes),
        rules_before=each.rules_before,
        looked_at=_moment(each.at),
    )


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""

"""Looks through all clean files of a programme again, in bounded steps; a kill loses a batch's looking and no more."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import Actor
from core.audit.record import record
from core.bulk import insert
from core.errors import Missing
from core.lifecycle import move
from core.storage.work import read
from core.storage.zones import ObjectState
from curation.deid import RULES_DIGEST, Deidentifier
from curation.deid.pictures.plan import PixelRisk
from curation.models import Derivation, Recheck, Rechecked
from curation.queries import clean_files
from curation.rules.lifecycle import RecheckState
from curation.rules.outcomes import Outcome
from curation.work.actor import CLEANER
from curation.work.look import code_digest, engine_for, look
from curation.work.settle import known_under, settle_hits
from registry import queries as registry
from registry import work as registry_work

#: One step's length in seconds, well below the lease, and how many files are noted by one transaction.
STEP_SECONDS, BATCH = 20, 20
#: When to look again whether a series that is still being cleaned has come to a curator.
LATER = timedelta(seconds=10)


def begin(programme_id: UUID, *, by: Actor, report_id: UUID | None = None) -> Recheck | None:
    """Begins to look through a programme's clean files; None where that is being done already."""
    try:
        with transaction.atomic():
            recheck = Recheck.objects.create(
                programme_id=programme_id,
                report_id=report_id,
                asked_by=by.actor_id,
                total=clean_files(programme_id).count(),
                rules_digest=RULES_DIGEST,
                code_digest=code_digest(),
            )
            record("curation.recheck_begun", recheck, by=by, data={"files": recheck.total, "report": report_id})
            if report_id is not None:
                registry_work.note_followed(report_id, "recheck", recheck.pk)
    except IntegrityError:
        return None
    return recheck


def recheck_step(recheck_id: UUID) -> datetime | None:
    """Looks at as many files as fit into one step; returns when to go on, None once all were looked at. Safe twice."""
    until = time.monotonic() + STEP_SECONDS
    recheck = Recheck.objects.filter(pk=recheck_id, state=RecheckState.RUNNING).first()
    if recheck is None:
        return None
    settle_hits(recheck)
    while batch := _next(recheck):
        if time.monotonic() > until or not _note(recheck, batch, _looked_at(recheck, batch)):
            return timezone.now()
        settle_hits(recheck)
    return _finish(recheck)


def begin_where_confirmed() -> list[UUID]:
    """Begins what confirmed reports ask for, one after another in each programme; returns the rechecks."""
    asked = registry.confirmed_reports()
    done = Recheck.objects.exclude(report=None).values_list("report_id", flat=True)
    begun = [
        begin(programme_id, by=CLEANER, report_id=report_id)
        for report_id, programme_id in asked.exclude(pk__in=done).values_list("pk", "programme_id")
    ]
    return [each.pk for each in begun if each is not None]


def running() -> list[UUID]:
    """The rechecks that are not done, for the sweep."""
    return list(Recheck.objects.filter(state=RecheckState.RUNNING).values_list("pk", flat=True))


def _next(recheck: Recheck) -> list[Derivation]:
    """The next files in the order of their ids; those that come meanwhile have greater ones."""
    rest = clean_files(recheck.programme_id)
    if recheck.seen_to is not None:
        rest = rest.filter(pk__gt=recheck.seen_to)
    return list(rest.select_related("series", "output", "domain")[:BATCH])


def _looked_at(recheck: Recheck, batch: Sequence[Derivation]) -> list[Rechecked]:
    """What is found in each; a donor's consent is asked for anew with every batch."""
    engines: dict[tuple[UUID, UUID], Deidentifier | None] = {}
    found = []
    for one in batch:
        place = (one.series.donor_id, one.domain_id)
        if place not in engines:
            engines.clear()  # files come donor by donor: what was said of one is dropped with them
            engines[place] = engine_for(one.series.donor_id, one.domain)
        outcome, codes = _outcome(one, engines[place], recheck.code_digest)
        found.append(
            Rechecked(
                recheck=recheck,
                derivation=one,
                outcome=outcome,
                codes=codes,
                rules_before=one.rules_digest,
                code_digest=recheck.code_digest,
                is_settled=outcome != Outcome.HIT,
            )
        )
    return found


def _outcome(one: Derivation, engine: Deidentifier | None, digest: str) -> tuple[Outcome, list[str]]:
    if engine is None:
        return Outcome.GONE, []
    if known_under(one, digest):
        return Outcome.KNOWN, []
    try:
        codes = look(read(one.output), engine, cast(PixelRisk, one.pixel_risk))
    except Missing:
        one.output.refresh_from_db()
        return (Outcome.GONE if one.output.state == ObjectState.ERASED else Outcome.UNREADABLE), []
    return (Outcome.HIT if codes else Outcome.UNCHANGED), codes


def _note(recheck: Recheck, batch: Sequence[Derivation], looked: Sequence[Rechecked]) -> bool:
    """Notes a batch and how far the recheck has come, at once; False where another worker was quicker."""
    with transaction.atomic():
        mine = Recheck.objects.filter(pk=recheck.pk, seen_to=recheck.seen_to, state=RecheckState.RUNNING)
        if not mine.update(seen_to=batch[-1].pk):
            return False
        insert(Rechecked, looked)
    recheck.seen_to = batch[-1].pk
    return True


def _finish(recheck: Recheck) -> datetime | None:
    if recheck.files.filter(is_settled=False).exists():
        return timezone.now() + LATER
    with transaction.atomic():
        move(recheck, RecheckState.DONE, by=CLEANER, finished_at=timezone.now())
        record("curation.recheck_done", recheck, by=CLEANER, data={"hits": recheck.files.filter(outcome="hit").count()})
    return None

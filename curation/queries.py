"""What may be read of curation: a curator sees the series of their programmes, never their own donation."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Prefetch, QuerySet
from django.urls import reverse

from consent.queries import donors_of
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.errors import Missing
from core.storage.work import read
from core.waiting import Waiting
from curation.models import Derivation, Recheck, Rechecked, Refusal, Series, StudyWords
from curation.rules.lifecycle import SeriesState, WordsState
from curation.rules.outcomes import Outcome
from curation.rules.recheck_report import Report, Row
from curation.rules.thumbnails import thumbnail
from registry import queries as registry


def series_seen_by(user: Reader) -> QuerySet[Series]:
    """Every series that `user` may look at, in whatever state, oldest first."""
    readable = Series.objects.filter(programme__in=programmes(user, Role.CURATOR))
    return readable.exclude(donor__in=donors_of(user).values("pk")).order_by("pk")


def worklist(user: Reader, *, modality: str = "", risk: str = "") -> QuerySet[Series]:
    """The series that wait for this curator, oldest first, with their images in order; narrowed where asked."""
    waiting = series_seen_by(user).filter(state=SeriesState.WAITING)
    if modality:
        waiting = waiting.filter(modality=modality)
    if risk:
        waiting = waiting.filter(pixel_risk=risk)
    return waiting.prefetch_related(Prefetch("derivations", images()))


def modalities(user: Reader) -> list[str]:
    """The modalities that occur among the series that wait for this curator."""
    found = worklist(user).order_by("modality").values_list("modality", flat=True).distinct()
    return [modality for modality in found if modality]


def series_of(user: Reader, series_id: UUID) -> Series:
    """One series with its images; raises Missing where it is not for this reader."""
    found = series_seen_by(user).prefetch_related(Prefetch("derivations", images())).filter(pk=series_id).first()
    if found is None:
        raise Missing("There is no such series.")
    return found


def words_of(series: Series) -> QuerySet[StudyWords]:
    """What stays of free texts in the study of a series, by attribute; for those who may see the series."""
    mine = StudyWords.objects.filter(donor_id=series.donor_id, study_uid=series.study_uid)
    return mine.order_by("attribute", "text")


def unread_words(series: Series) -> list[UUID]:
    """Those of the study's words that no curator has decided on."""
    return list(words_of(series).filter(state=WordsState.OPEN).values_list("pk", flat=True))


def next_after(user: Reader, series: Series, *, modality: str = "", risk: str = "") -> Series | None:
    """The next series in the worklist after this one, or its first one again; None when nothing else waits."""
    rest = worklist(user, modality=modality, risk=risk).exclude(pk=series.pk)
    return rest.filter(pk__gt=series.pk).first() or rest.first()


def picture_of(user: Reader, derivation_id: UUID, *, small: bool = False) -> bytes:
    """The PNG of one cleaned image from the review zone; raises Missing where it is not for this reader, or erased."""
    seen = Derivation.objects.filter(pk=derivation_id, series__in=series_seen_by(user).values("pk"))
    found = seen.exclude(render=None).select_related("render").first()
    if found is None or found.render is None:
        raise Missing("There is no such picture.")
    png = read(found.render)
    return thumbnail(png) if small else png


def refusals(user: Reader) -> QuerySet[Refusal]:
    """The files that lie in quarantine in the programmes of this curator or steward, newest first; not their own."""
    mine = programmes(user, Role.CURATOR, Role.STEWARD)
    found = Refusal.objects.filter(programme__in=mine, gone_at=None)
    return found.exclude(donor__in=donors_of(user).values("pk")).order_by("-pk")


def clean_files(programme_id: UUID) -> QuerySet[Derivation]:
    """The whole clean store of a programme: each cleaned file that has not been rejected or withdrawn, by its id."""
    kept = (SeriesState.CLEANING, SeriesState.WAITING, SeriesState.ACCEPTED)
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


def images() -> QuerySet[Derivation]:
    """Images in the order of their series."""
    return Derivation.objects.order_by("position", "pk")


def waiting(user: Reader) -> list[Waiting]:
    """One line of the inbox when series wait for this curator."""
    mine = series_seen_by(user).filter(state=SeriesState.WAITING)
    oldest = mine.order_by().aggregate(oldest=Min("created_at"))["oldest"]
    count = mine.count()
    if oldest is None:
        return []
    title = "A series waits for you to look at it" if count == 1 else f"{count} series wait for you to look at them"
    return [Waiting("series", title, reverse("curation:worklist"), oldest)]


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

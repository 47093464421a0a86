"""What curators decide: a series is accepted or rejected, with words that stay; a steward has all looked at again."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.queries import may_donate
from core.accounts.models import Programme, User
from core.accounts.permissions import require
from core.accounts.roles import Role
from core.actors import Actor
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import move, move_all
from curation import tasks
from curation.models import Derivation, Recheck, Series, StudyWords
from curation.permissions import check_may_decide
from curation.queries import words_of
from curation.rules.findings import Finding, labels
from curation.rules.holds import HEAD
from curation.rules.lifecycle import SeriesState, WordsState
from curation.rules.reasons import NAMING_WORDS, REJECTION
from curation.work.recheck import begin
from registry.actions import admit_images
from registry.rules.admission import AdmittedImage, AdmittedSeries


def accept_series(*, series: Series, finding: str, by: User, words: Collection[UUID] = ()) -> None:
    """Takes the series into the registry with what the curator noted: `lesion`, `none` or nothing.

    `words`: those of the study that the curator has read and accepts, for the whole study. All that nobody has
    accepted yet must be among them: else Invalid is raised. The same decision posted twice changes nothing. Raises
    NotAllowed, Invalid, and Conflict when another curator was quicker, the donor has withdrawn, or words of the study
    were found to name somebody.
    """
    check_may_decide(by, series)
    if finding not in set(Finding):
        raise Invalid("Say whether a lesion is seen, is not seen, or was not noted.", fields={"finding": "Choose one."})
    if _decided_so(series, SeriesState.ACCEPTED, by, finding=finding):
        return
    with transaction.atomic():
        _accept_words(series, words, by)
        _move(series, SeriesState.ACCEPTED, by, finding=finding)
        admit_images(series=admitted(series), by=by)
        ask(tasks.CLEAN, series.donation_id)  # settles the donation when this was its last series


def reject_series(*, series: Series, reason: str, by: User) -> None:
    """Refuses the series for a reason of curation/rules/reasons.py; a worker then erases what was made of it.

    For the reason that words name somebody, those that nobody has accepted are refused with it, so that nothing more
    of the study can be taken.

    The same decision posted twice changes nothing. Raises NotAllowed, Invalid and Conflict as accepting does.
    """
    check_may_decide(by, series)
    if reason not in REJECTION:
        raise Invalid("Choose a reason for rejecting this series.", fields={"reason": "Choose a reason."})
    if _decided_so(series, SeriesState.REJECTED, by, reason=reason):
        return
    with transaction.atomic():
        if reason == NAMING_WORDS:
            _decide_words(_open_words(series), WordsState.REJECTED, by, reason)
        _move(series, SeriesState.REJECTED, by, reason=reason)
        ask(tasks.ERASE, series.pk)
        ask(tasks.CLEAN, series.donation_id)


def start_recheck(*, programme: Programme, by: Actor) -> Recheck:
    """A steward has all clean files of a programme looked through again under the rules of today.

    Raises NotAllowed, and Conflict while that is being done already.
    """
    require(by, programme.pk, Role.STEWARD)
    with transaction.atomic():
        recheck = begin(programme.pk, by=by)
        if recheck is None:
            raise Conflict("All clean images of this programme are being looked through already.", "running")
        ask(tasks.RECHECK, recheck.pk)
    return recheck


def _accept_words(series: Series, read: Collection[UUID], by: User) -> None:
    if words_of(series).filter(state=WordsState.REJECTED).exists():
        sentence = "Words that stay in this study name somebody, so nothing more of it can be taken."
        raise Conflict(sentence, "naming_words")
    left = _open_words(series)
    if not {words.pk for words in left} <= set(read):
        sentence = "Read the words that stay in this study. Accepting takes them, too."
        raise Invalid(sentence, "unread_words", fields={"words": sentence})
    _decide_words(left, WordsState.ACCEPTED, by, "read")


def _open_words(series: Series) -> list[StudyWords]:
    return list(words_of(series).filter(state=WordsState.OPEN))


def _decide_words(words: list[StudyWords], to: WordsState, by: User, why: str) -> None:
    move_all(words, to, by=by, why=why, decided_by_id=by.pk, decided_at=timezone.now())


def admitted(series: Series) -> AdmittedSeries:
    """The series as the registry takes it: every cleaned image with what its manifest needs."""
    made = Derivation.objects.filter(series=series).select_related("output").order_by("position", "pk")
    return AdmittedSeries(
        donor_id=series.donor_id,
        programme_id=series.programme_id,
        images=[_admitted(series, derivation) for derivation in made],
        labels=labels(Finding(series.finding)),
    )


def _admitted(series: Series, derivation: Derivation) -> AdmittedImage:
    return AdmittedImage(
        file_id=derivation.file_id,
        stored_id=derivation.output_id,
        sha256=derivation.output_sha256,
        size=derivation.output.size or 0,
        study_uid=series.study_uid,
        series_uid=series.series_uid,
        sop_uid=derivation.sop_uid,
        sop_class_uid=derivation.sop_class_uid,
        modality=series.modality,
        body_part=series.body_part,
        rows=derivation.rows,
        columns=derivation.columns,
        frames=derivation.frames,
        undefaced_head=HEAD in series.holds,
    )


def _decided_so(series: Series, state: SeriesState, by: User, **noted: str) -> bool:
    """Whether this very decision stands already; raises Conflict where another one does."""
    series.refresh_from_db()
    if series.state == SeriesState.WAITING:
        return False
    same = all(getattr(series, field) == value for field, value in noted.items())
    if series.state == state and series.decided_by_id == by.pk and same:
        return True
    if series.state == SeriesState.WITHDRAWN:
        raise Conflict("The donor has withdrawn. There is nothing to decide any more.", "withdrawn")
    if series.state in (SeriesState.CLEANING, SeriesState.DEFACING):
        raise Conflict("This series is still being cleaned. Look at it again in a moment.", "cleaning")
    who = "You have" if series.decided_by_id == by.pk else "Another curator has"
    raise Conflict(f"{who} already decided on this series: it is {series.state}.", "decided")


def _move(series: Series, to: SeriesState, by: User, **noted: str) -> None:
    if not may_donate(series.donor_id):
        raise Conflict("The donor has withdrawn. There is nothing to decide any more.", "withdrawn")
    why = noted.get("reason") or noted.get("finding") or ""
    move(series, to, by=by, why=why, decided_by_id=by.pk, decided_at=timezone.now(), **noted)

"""Series and pictures: a curator sees those of their programmes, never their own donation."""

from uuid import UUID

from django.db.models import Min, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from consent.queries import donors_of, in_force
from core.accounts.queries import Reader, programmes
from core.accounts.roles import Role
from core.errors import Missing
from core.waiting import Waiting
from curation.models import Derivation, Refusal, Series, StudyWords
from curation.queries.counts import lacks_second, stewarded, waiting_for_second
from curation.queries.readers import open_to
from curation.rules.lifecycle import SeriesState, WordsState

#: Something in it is left to a person, or the header says why it needs more than one look (rules/holds.py).
HELD = Q(is_held=True) | ~Q(holds=[])
WHICH = {"held": HELD, "first": Q(state=SeriesState.WAITING), "second": Q(state=SeriesState.SECOND)}


def series_seen_by(user: Reader) -> QuerySet[Series]:
    """Every series that `user` may look at, oldest first; of a donor who has withdrawn, only that it was withdrawn."""
    readable = Series.objects.filter(programme__in=programmes(user, Role.CURATOR))
    readable = readable.filter(Q(state=SeriesState.WITHDRAWN) | Q(donor__in=in_force().values("pk")))
    return readable.exclude(donor__in=donors_of(user).values("pk")).order_by("pk")


def series_with_pictures(user: Reader) -> QuerySet[Series]:
    """Those whose pictures `user` may look at: from the moment in which a donor withdraws, none of theirs."""
    return series_seen_by(user).filter(donor__in=in_force().values("pk"))


def worklist(user: Reader, *, modality: str = "", risk: str = "", which: str = "") -> QuerySet[Series]:
    """The series that wait for this curator, oldest first, with their images in order; narrowed where asked.

    `which`: `held` for those in which something is left to a person, `second` for those that somebody else has
    accepted, `first` for those at which nobody has looked.
    """
    waiting = open_to(user, series_seen_by(user))
    if modality:
        waiting = waiting.filter(modality=modality)
    if risk:
        waiting = waiting.filter(pixel_risk=risk)
    if which:
        waiting = waiting.filter(WHICH[which])
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


def next_after(user: Reader, series: Series, **narrowed: str) -> Series | None:
    """The next series in the worklist after this one, or its first one again; None when nothing else waits."""
    rest = worklist(user, **narrowed).exclude(pk=series.pk)
    return rest.filter(pk__gt=series.pk).first() or rest.first()


def refusals(user: Reader) -> QuerySet[Refusal]:
    """The files that lie in quarantine in the programmes of this curator or steward, newest first; not their own."""
    mine = programmes(user, Role.CURATOR, Role.STEWARD)
    found = Refusal.objects.filter(programme__in=mine, gone_at=None)
    return found.exclude(donor__in=donors_of(user).values("pk")).order_by("-pk")


def images() -> QuerySet[Derivation]:
    """Images in the order of their series."""
    return Derivation.objects.order_by("position", "pk")


def waiting(user: Reader) -> list[Waiting]:
    """One line of the inbox when series wait for this curator, and one when a programme lacks a second one."""
    return [*_own(user), *_lacking(user)]


def _lacking(user: Reader) -> list[Waiting]:
    lines = []
    for programme in stewarded(user):
        if lacks_second(programme):
            left = waiting_for_second(programme)
            count, since = left.count(), left.aggregate(since=Min("created_at"))["since"]
            title = ngettext(
                "A series waits for a second curator, and there is none",
                "%(n)s series wait for a second curator, and there is none",
                count,
            )
            lines.append(Waiting("series", title % {"n": count}, reverse("curation:readers"), since))
    return lines


def _own(user: Reader) -> list[Waiting]:
    mine = open_to(user, series_seen_by(user))
    oldest = mine.order_by().aggregate(oldest=Min("created_at"))["oldest"]
    count = mine.count()
    if oldest is None:
        return []
    title = ngettext("A series waits for you to look at it", "%(n)s series wait for you to look at them", count)
    return [Waiting("series", title % {"n": count}, reverse("curation:worklist"), oldest)]

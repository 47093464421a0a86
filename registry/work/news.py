"""Tells donors of the use of their gift: noted for each of them as it happens, told at the pace that they chose."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent import queries as consent
from core.design.formats import grouped
from core.errors import Conflict
from core.notifications.pace import Pace, Wanted
from core.notifications.queries import news_wanted
from core.notifications.send import notify
from registry.models import Grant, UseNews
from registry.queries.access import permitted_entries
from registry.rules.lifecycle import GrantState
from registry.rules.news import News

MANY, MOST = 500, 200
log = structlog.get_logger(__name__)
LINK = "/my-data/"
#: Title and body of one piece of news: fixed sentences, which name no project and say nothing of a scan.
SAID = {
    News.GRANTED: (
        _("A research project may now use your scans"),
        _("You allowed research like this. What it is for stands under My data."),
    ),
    News.USED: (
        _("A computer has learned from your scans"),
        _("Which project it was for stands under My data."),
    ),
    News.RELEASED: (
        _("Research with your scans has brought results"),
        _("What came out stands under My data."),
    ),
}
DIGEST = _("News of your scans")


def note_grant(grant_id: UUID) -> None:
    """Notes for every donor whom a grant reaches that it was signed. Safe to run twice."""
    grant = Grant.objects.filter(pk=grant_id, state=GrantState.ACTIVE).first()
    if grant is not None:
        note_use(News.GRANTED, grant.pk, permitted_entries(grant).order_by().values("donor_id"))


def note_use(what: News, subject_id: UUID, donor_ids: "QuerySet[Any]") -> None:
    """Notes it for each of these donors whom we may write to, in the caller's transaction; once, however often asked.

    `donor_ids` is a query of donors' keys.
    """
    known = UseNews.objects.filter(what=what, subject_id=subject_id)
    hear = consent.to_write_to().filter(pk__in=donor_ids).exclude(pk__in=known.values("donor_id"))
    for some in _in_parts(list(hear.values_list("pk", flat=True))):
        UseNews.objects.bulk_create(_rows(what, subject_id, some), ignore_conflicts=True)


def tell_news() -> int:
    """Tells those whose news are due; returns how many people. Safe to run twice at once."""
    due = UseNews.objects.filter(told_at=None, due_at__lte=timezone.now())
    donors = list(due.order_by().values_list("donor_id", flat=True).distinct()[:MOST])
    people = consent.accounts_of(donors)
    UseNews.objects.filter(told_at=None, donor_id__in=set(donors) - set(people)).delete()
    told = 0
    for user_id in sorted(set(people.values())):
        try:
            with transaction.atomic():
                _tell(user_id)
                told += 1
        except Conflict:
            continue  # another worker tells them at this very moment
        except Exception as error:  # one whom it fails for keeps nobody else waiting
            log.warning("news not told", error=type(error).__name__)
    return told


def _in_parts(keys: Sequence[UUID]) -> Iterator[list[UUID]]:
    left = iter(keys)
    while some := list(islice(left, MANY)):
        yield some


def _rows(what: News, subject_id: UUID, donor_ids: Sequence[UUID]) -> list[UseNews]:
    accounts, now = consent.accounts_of(donor_ids), timezone.now()
    wanted = news_wanted(accounts.values())
    return [
        UseNews(donor_id=donor, what=what, subject_id=subject_id, noted_at=now, due_at=now + wanted[user].patience)
        for donor, user in accounts.items()
        if wanted[user].pace is not Pace.NONE
    ]


def _tell(user_id: UUID) -> None:
    """Everything that waits for one person, in one transaction with the note that it was told."""
    donors = consent.donors_behind(user_id).values("pk")
    rows = list(UseNews.objects.filter(told_at=None, donor_id__in=donors).order_by("id")[:MANY])
    mine = UseNews.objects.filter(pk__in=[row.pk for row in rows], told_at=None)
    if mine.update(told_at=timezone.now()) != len(rows):
        raise Conflict("Somebody else has just told this.")
    heard = set(consent.to_write_to().filter(pk__in=donors).values_list("pk", flat=True))
    news, wanted = [row for row in rows if row.donor_id in heard], news_wanted([user_id])[user_id]
    if not news or wanted.pace is Pace.NONE:
        return
    if wanted.pace is Pace.WEEKLY:
        _send(user_id, wanted, str(DIGEST), _digest(news), f"use:digest:{rows[0].pk}")
        return
    for row in news:
        title, body = SAID[News(row.what)]
        _send(user_id, wanted, str(title), str(body), f"use:{row.what}:{row.subject_id}")


def _send(user_id: UUID, wanted: Wanted, title: str, body: str, dedupe: str) -> None:
    notify(user_id=user_id, title=title, body=body, link=LINK, dedupe=dedupe, by_mail=wanted.by_mail)


def _digest(rows: list[UseNews]) -> str:
    """How many of what; a project or training that touches two gifts of one person is one."""
    number = Counter(what for what, _subject in {(row.what, row.subject_id) for row in rows})
    said = {
        News.GRANTED: ngettext(
            "%(n)s research project more may use your scans.",
            "%(n)s research projects more may use your scans.",
            number[News.GRANTED],
        ),
        News.USED: ngettext(
            "A computer has learned from them %(n)s time.",
            "Computers have learned from them %(n)s times.",
            number[News.USED],
        ),
        News.RELEASED: ngettext(
            "%(n)s training with them has brought results.",
            "%(n)s trainings with them have brought results.",
            number[News.RELEASED],
        ),
    }
    return " ".join(words % {"n": grouped(number[what])} for what, words in said.items() if number[what])

"""Tells donors that their form has changed: at once, two weeks before the day, and when nothing new is done any more.

What may be done follows from the dates alone (consent/queries/standing.py); this only tells of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from consent.models import FormVersion, Person
from consent.queries.renewal import not_renewed
from consent.work.writing import write_to
from core.notifications.models import Notice
from core.texts import gettext_noop as _

BEFORE: Final = timedelta(days=14)
#: So many donors are told by one call.
MANY: Final = 200


@dataclass(frozen=True)
class News:
    """One of the three things to tell: its code, and what stands in the donor's inbox."""

    code: str
    title: str
    body: str


CHANGED: Final = News(
    "changed",
    _("The form that you signed has changed"),
    _("Please read what is new and say whether you still agree. The page says by when."),
)
SOON: Final = News(
    "soon",
    _("Please look at the changed form"),
    _("You have not said yet whether you still agree. The page says what happens if you do not."),
)
OVER: Final = News(
    "over",
    _("Nothing new is done with what you gave"),
    _("The form has changed and you have not signed it. You can still sign it, keep less, or leave."),
)


def tell_of_form(version_id: UUID) -> datetime | None:
    """Tells the next donors who have to sign again; returns when there is more to tell, or None after the last news."""
    version = FormVersion.objects.select_related("form").filter(pk=version_id).first()
    if version is None or version.renew_by is None:
        return None
    now = timezone.now()
    news, again_at = _stage(version.renew_by, now)
    told = Notice.objects.filter(dedupe__endswith=_key(version, news)).values("user_id")
    left = Person.objects.filter(donor__in=not_renewed(version).values("donor_id")).exclude(user_id__in=told)
    people = list(left.order_by("id")[:MANY])
    for person in people:
        write_to(
            person.user_id,
            person.donor_id,
            title=news.title,
            body=news.body,
            link=f"/my-choices/{person.donor_id}/renew/",
            dedupe=_key(version, news),
        )
    return now if len(people) == MANY else again_at


def _stage(by: datetime, now: datetime) -> tuple[News, datetime | None]:
    """What is to be told now, and when the next thing is."""
    if now >= by:
        return OVER, None
    return (SOON, by) if now >= by - BEFORE else (CHANGED, by - BEFORE)


def _key(version: FormVersion, news: News) -> str:
    return f"form:{version.pk}:{news.code}"

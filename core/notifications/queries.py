"""What may be read of notices: one's own; and how somebody wants to hear news."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from core.accounts.queries import Reader, key_of
from core.notifications.models import NewsChoice, Notice
from core.notifications.pace import Pace, Wanted


def inbox(user: Reader) -> QuerySet[Notice]:
    """The user's own notices, newest first."""
    return Notice.objects.filter(user_id=key_of(user))


def news_wanted(user_ids: Iterable[UUID]) -> dict[UUID, Wanted]:
    """How each of these people wants to hear news; who never said has the usual."""
    known = set(user_ids)
    chosen = NewsChoice.objects.filter(user_id__in=known).values_list("user_id", "pace", "by_mail")
    return dict.fromkeys(known, Wanted()) | {user: Wanted(Pace(pace), by_mail) for user, pace, by_mail in chosen}

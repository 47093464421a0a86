"""Puts a message into someone's inbox, in the transaction of the act that it tells of."""

from uuid import UUID

from core.due.queue import ask
from core.notifications.models import Notice
from core.notifications.tasks import EMAIL


def notify(*, user_id: UUID, title: str, body: str = "", link: str, dedupe: str, by_mail: bool = True) -> Notice:
    """Puts a message in the user's inbox once per `dedupe` (a code such as `grant:ID`), to be e-mailed by a worker.

    `title` and `body` are kept in English, marked by `gettext_noop`: whoever reads them reads their own language.
    """
    notice, created = Notice.objects.get_or_create(
        dedupe=f"{user_id}:{dedupe}"[:120],
        defaults={"user_id": user_id, "title": title, "body": body, "link": link},
    )
    if created and by_mail:
        ask(EMAIL, notice.pk)
    return notice

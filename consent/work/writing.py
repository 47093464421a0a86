"""The one door through which consent writes to a donor: an e-mail goes only to who did not ask for quiet."""

from uuid import UUID

from consent.queries import may_contact
from core.notifications.models import Notice
from core.notifications.send import notify


def write_to(user_id: UUID, donor_id: UUID, *, title: str, body: str, link: str, dedupe: str) -> Notice:
    """A message in the donor's inbox, which asks nobody; an e-mail besides, unless they want none."""
    by_mail = may_contact(donor_id)
    return notify(user_id=user_id, title=title, body=body, link=link, dedupe=dedupe, by_mail=by_mail)

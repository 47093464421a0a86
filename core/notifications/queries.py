"""What may be read of notices: one's own."""

from django.db.models import QuerySet

from core.accounts.queries import Reader, key_of
from core.notifications.models import Notice


def inbox(user: Reader) -> QuerySet[Notice]:
    """The user's own notices, newest first."""
    return Notice.objects.filter(user_id=key_of(user))

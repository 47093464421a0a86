"""How often the same may be asked for, by one person, from one address, or with one key.

The limits stand with allauth's own, in settings.ACCOUNT_RATE_LIMITS.
"""

from typing import Final

# allauth's outer function counts no GET, and some of what is counted here is only ever asked for with GET.
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from core.accounts.models import User
from core.errors import TooMany
from core.texts import gettext_noop as _

TOO_MANY: Final = _("That was too many requests at once. What came in is safe: wait a minute, then go on.")


def has_room(request: HttpRequest, action: str, user: User | None = None, *, key: str | None = None) -> bool:
    """Counts this request; whether it is within the action's limit, which says what it is counted by."""
    counted = ratelimit.consume(request, app="allauth.account", action=action, user=user, key=key, limit_get=True)
    return counted is not None


def keep_pace(
    request: HttpRequest, action: str, user: User | None = None, *, key: str | None = None, sentence: str = TOO_MANY
) -> None:
    """Counts this request; raises TooMany, with the sentence, beyond the action's limit."""
    if not has_room(request, action, user, key=key):
        raise TooMany(sentence)

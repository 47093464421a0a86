"""How often one person may knock at a door; the limits stand with allauth's own in the settings."""

from allauth.core import ratelimit
from django.http import HttpRequest

from core.accounts.models import User
from core.errors import TooMany
from core.texts import gettext_noop as _


def keep_pace(request: HttpRequest, action: str, user: User) -> None:
    """Counts this request for the person; raises TooMany beyond the limit that settings.ACCOUNT_RATE_LIMITS names."""
    if not ratelimit.consume(request, action=action, user=user):
        raise TooMany(_("That was too many requests at once. What came in is safe: wait a minute, then go on."))

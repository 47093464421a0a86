"""Sign-in's own settings that need code: e-mails carry no names."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Users have an e-mail address and no username."""

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """There are no usernames."""

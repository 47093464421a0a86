"""Sign-in's own settings that need code: e-mails carry no names, and no page waits for a mail server."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.http import HttpRequest

from core.mail.post import post


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Users have an e-mail address and no username."""

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """There are no usernames."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Renders the e-mail now, as text, and lets a worker send it."""
        message = self.render_mail(template_prefix, email, {"request": current.request, "email": email, **context})
        post(to=email, subject=str(message.subject), body=str(message.body))

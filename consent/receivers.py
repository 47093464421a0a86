"""What consent listens to: somebody confirms their e-mail address."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from consent.actions.checks import follow_email


@receiver(email_confirmed, dispatch_uid="consent.email_confirmed")
def on_email_confirmed(email_address: EmailAddress, **_: Any) -> None:
    """The donor's record says so from now on."""
    follow_email(user=email_address.user)

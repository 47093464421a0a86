"""Sends what waits."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail

from core.mail.models import WaitingMail

#: From here on a mail server's answer is its last word (RFC 5321 section 4.2.1); below it is worth trying again.
PERMANENT = 500


def refused_for_good(error: SMTPRecipientsRefused) -> bool:
    """Whether no address of a refused e-mail will ever take mail."""
    return all(code >= PERMANENT for code, _ in error.recipients.values())


def send(mail_id: UUID) -> datetime | None:
    """Sends one e-mail and forgets it; a kill in between sends it twice, never not at all."""
    mail = WaitingMail.objects.filter(pk=mail_id).first()
    if mail is None:
        return None
    try:
        send_mail(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to])
    except SMTPRecipientsRefused as error:
        if not refused_for_good(error):
            raise
    mail.delete()
    return None

"""E-mails notices: a link, never health data."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from core.notifications.models import Notice

BODY = """Hello,

there is news for you in Donara. Open this page to read it; you may have to sign in:

{origin}{link}

For your privacy this e-mail says nothing more.
"""


def email(notice_id: UUID) -> datetime | None:
    """Sends one notice's e-mail once; a kill between sending and noting sends it twice, never not at all."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, emailed_at=None).first()
    if notice is not None:
        text = BODY.format(origin=settings.ORIGIN, link=notice.link)
        send_mail("News for you in Donara", text, settings.DEFAULT_FROM_EMAIL, [notice.user.email])
        Notice.objects.filter(pk=notice.pk).update(emailed_at=timezone.now())
    return None

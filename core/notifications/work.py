"""E-mails notices: a link, never health data, in the language of whoever it is for."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.languages import spoken_to
from core.notifications.models import Notice

BODY = _("""Hello,

there is news for you in Donara. Open this page to read it; you may have to sign in:

%(address)s

For your privacy this e-mail says nothing more.
""")


def email(notice_id: UUID) -> datetime | None:
    """Sends one notice's e-mail once; a kill between sending and noting sends it twice, never not at all."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, emailed_at=None).first()
    if notice is not None:
        with spoken_to(notice.user):
            subject, text = gettext("News for you in Donara"), BODY % {"address": settings.ORIGIN + notice.link}
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [notice.user.email])
        Notice.objects.filter(pk=notice.pk).update(emailed_at=timezone.now())
    return None

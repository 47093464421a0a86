"""Puts an e-mail on its way, in the caller's transaction."""

from core.due.queue import ask
from core.mail.models import WaitingMail
from core.mail.tasks import SEND


def post(*, to: str, subject: str, body: str) -> None:
    """A worker sends it, as soon as the mail server takes it."""
    mail = WaitingMail.objects.create(to=to, subject=" ".join(subject.split())[:250], body=body)
    ask(SEND, mail.pk)

"""E-mails: no page waits for a mail server, none is lost when it is away, and nothing of one stays once it was sent."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from core.due.models import DueWork
from core.due.run import drain, run_row
from core.mail import work
from core.mail.models import WaitingMail
from core.mail.post import post
from tests.factories import core

pytestmark = pytest.mark.django_db


def failing(error: Exception) -> object:
    def send(*_: object, **__: object) -> None:
        raise error

    return send


def reset(email: str) -> int:
    """Asks for a new password as the page does; returns the answer's status."""
    return Client().post("/accounts/password/reset/", {"email": email}).status_code


def test_a_page_answers_while_the_mail_server_is_away_and_the_mail_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    user = core.user()
    with monkeypatch.context() as away:
        away.setattr(work, "send_mail", failing(SMTPServerDisconnected("jane@people.example")))
        assert reset(user.email) == 302
        row = DueWork.objects.get(kind="mail.send")
        assert not run_row(row.pk)
        row.refresh_from_db()
        assert (row.last_error, row.done, WaitingMail.objects.count()) == ("SMTPServerDisconnected", False, 1)
    DueWork.objects.update(due_at=row.created_at)
    drain()
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert not WaitingMail.objects.exists()


def test_an_address_that_never_takes_mail_is_given_up_and_one_that_may_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, kept in ((550, 0), (450, 1)):
        refusal = SMTPRecipientsRefused({"a@people.example": (code, b"no")})
        monkeypatch.setattr(work, "send_mail", failing(refusal))
        post(to="a@people.example", subject="News", body="Hello")
        run_row(DueWork.objects.get(kind="mail.send", done=False).pk)
        assert WaitingMail.objects.count() == kept


def post_and_break() -> None:
    with transaction.atomic():
        post(to="a@people.example", subject="News", body="Hello")
        raise RuntimeError


def test_an_act_that_is_undone_sends_nothing() -> None:
    with pytest.raises(RuntimeError):
        post_and_break()
    drain()
    assert mail.outbox == []

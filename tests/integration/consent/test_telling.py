"""A donor who asks to be erased is erased, whether or not their e-mail address still takes mail."""

from collections.abc import Callable, Sequence
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from consent import actions
from consent.models import Donor, Person, Withdrawal
from consent.queries import withdrawal_key
from core.accounts.models import Programme
from tests.factories import consent as make

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing for anybody, with this reply code."""

    code = 550

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPRecipientsRefused({each: (self.code, b"no") for message in email_messages for each in message.to})


class RefusingForNow(Refusing):
    """One that asks to come again later."""

    code = 450


def withdrawn(donor: Donor) -> Withdrawal:
    return actions.withdraw(donor=donor, kind="erase", by=donor.person.user)


def test_an_address_that_takes_no_mail_holds_up_no_erasure(
    programme: Programme, drain: Callable[[], int], settings: LazySettings
) -> None:
    donor = make.donor(programme)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    withdrawal = withdrawn(donor)
    drain()
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert withdrawal.steps.get(duty="consent.told").proof == {"told": 1, "emailed": 0}
    page = Client().get(f"/withdrawals/{withdrawal.pk}/?key={withdrawal_key(withdrawal.pk)}").content.decode()
    assert "takes no mail, so no e-mail was sent." in page
    assert not Person.objects.filter(donor=donor).exists()


def test_a_server_that_asks_to_come_again_is_asked_again(
    programme: Programme, drain: Callable[[], int], settings: LazySettings
) -> None:
    donor = make.donor(programme)
    settings.EMAIL_BACKEND = f"{__name__}.RefusingForNow"
    withdrawal = withdrawn(donor)
    drain()
    withdrawal.refresh_from_db()
    assert withdrawal.state == "under_way"
    assert Person.objects.filter(donor=donor).exists()

"""A donor who asks to be erased is erased, whether or not their e-mail address still takes mail."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from consent import actions
from consent.models import Donor, Person, Withdrawal
from consent.queries import withdrawal_key
from consent.work.duties import MAIL_TRIED
from core.accounts.models import Programme
from core.due.models import DueWork
from core.notifications.models import Notice
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


class Away(BaseEmailBackend):
    """No mail server answers at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError


@pytest.mark.parametrize("backend", ["RefusingForNow", "Away"])
def test_a_server_that_takes_nothing_for_a_day_holds_up_no_erasure(
    programme: Programme, drain: Callable[[], int], settings: LazySettings, backend: str
) -> None:
    donor = make.donor(programme)
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    withdrawal = withdrawn(donor)
    drain()
    told = Notice.objects.filter(dedupe__endswith=f":withdrawal:{withdrawal.pk}")
    for ago, is_there in ((MAIL_TRIED - timedelta(minutes=5), True), (MAIL_TRIED, False)):
        told.update(created_at=timezone.now() - ago)
        DueWork.objects.filter(done=False).update(due_at=timezone.now())
        drain()
        assert Person.objects.filter(donor=donor).exists() is is_there
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert withdrawal.steps.get(duty="consent.told").proof == {"told": 1, "undelivered": 1}
    page = Client().get(f"/withdrawals/{withdrawal.pk}/?key={withdrawal_key(withdrawal.pk)}").content.decode()
    assert "could not be delivered" in page

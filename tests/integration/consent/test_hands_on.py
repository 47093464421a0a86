"""What a first-time donor stumbled over by hand: receipts that contradict themselves, and a check without an answer."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from consent import actions
from consent.models import Signature
from core.accounts.models import Programme
from tests.factories import consent, core

pytestmark = pytest.mark.django_db


def test_a_receipt_says_what_was_ticked_and_leads_on_to_giving(programme: Programme) -> None:
    user = core.user()
    donor = consent.donor(programme, user=user, health_research=False)
    client = Client()
    client.force_login(user)
    address = f"/receipts/{Signature.objects.get(donor=donor).pk}/"
    page = client.get(address).content.decode()
    assert "Not ticked" in page
    assert "Not allowed" not in page
    assert "Give scans now" in page


def test_checking_no_answer_at_all_is_answered(programme: Programme, client: Client) -> None:
    consent.form(programme)
    page = client.post(f"/programmes/{programme.slug}/questions/", {}).content.decode()
    assert "You have not chosen an answer yet" in page


@pytest.mark.parametrize(("kind", "status"), [("erase", 200), ("no_further_use", 302)])
def test_who_has_no_account_any_more_can_open_the_page_that_the_last_e_mail_names(
    programme: Programme, drain: Callable[[], int], kind: str, status: int
) -> None:
    donor = consent.donor(programme)
    actions.withdraw(donor=donor, kind=kind, by=donor.person.user)
    drain()
    said = next(message.body for message in mail.outbox if "/withdrawals/" in message.body)
    address = next(line for line in str(said).splitlines() if "/withdrawals/" in line).removeprefix(settings.ORIGIN)
    assert Client().get(address).status_code == status

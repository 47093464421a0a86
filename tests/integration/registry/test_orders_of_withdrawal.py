"""One way of leaving after another: the stronger is always open, the weaker no more, and quiet whenever it is asked."""

from itertools import permutations

import pytest
from django.core import mail
from django.test import Client

from consent import queries as consented
from consent.models import Withdrawal
from core.accounts.models import Programme
from core.due.run import drain
from core.errors import Conflict
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.leaving import withdraw

pytestmark = pytest.mark.django_db

#: The other orders hold nothing else; nightly tries them.
TOLD = [
    ("no_contact", "nothing_new", "no_further_use", "erase"),
    ("no_further_use", "no_contact", "nothing_new", "erase"),
    ("erase", "no_further_use", "nothing_new", "no_contact"),
]
KINDS = list(permutations(("no_contact", "nothing_new", "no_further_use", "erase")))


@pytest.mark.parametrize(
    "order", [*TOLD, *(pytest.param(order, marks=pytest.mark.nightly) for order in KINDS if order not in TOLD)]
)
def test_in_whatever_order_the_stronger_is_taken_and_quiet_always(programme: Programme, order: tuple[str, ...]) -> None:
    donor = consent.donor(programme)
    rank = {"no_contact": 0, "nothing_new": 1, "no_further_use": 2, "erase": 3}
    for place, kind in enumerate(order):
        so_far = max((rank[each] for each in order[:place]), default=0)
        if kind == "no_contact" or rank[kind] > so_far:
            withdraw(donor, kind)
        else:
            with pytest.raises(Conflict):
                withdraw(donor, kind)
    assert not consented.may_donate(donor.pk)
    assert not consented.may_contact(donor.pk)


def test_who_has_left_asks_for_quiet_on_the_page_and_lifts_it_again(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    user = make.user_of(donor)
    drain()
    withdraw(donor, "no_further_use")
    client = Client()
    client.force_login(user)
    quiet = f"/withdraw/{donor.pk}/no_contact/"
    for page in ("/withdraw/", "/my-choices/"):
        assert quiet in client.get(page).content.decode()
    mail.outbox.clear()
    assert "What happens then" in client.get(quiet).content.decode()
    tracker = client.post(quiet)["Location"]
    assert client.post(quiet)["Location"] == tracker
    drain()
    assert [message for message in mail.outbox if user.email in message.to] == [], "nor of what they left before"
    assert set(Withdrawal.objects.values_list("kind", "state")) == {
        ("no_further_use", "complete"),
        ("no_contact", "complete"),
    }
    page = client.get("/my-choices/").content.decode()
    assert quiet not in page
    assert f"/my-choices/{donor.pk}/news/" in page
    client.post(f"/my-choices/{donor.pk}/news/")
    assert consented.may_contact(donor.pk)
    assert quiet in client.get("/my-choices/").content.decode()
    assert not consented.may_donate(donor.pk), "what was lifted is the quiet alone"

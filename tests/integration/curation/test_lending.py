"""A donor's browser is lent that donor's key and no other, while images can be added; each time is noted."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.accounts.models import Programme
from core.audit.models import Event
from core.errors import Conflict, Missing
from curation import actions
from curation.work.keys import domain_of, group_key, subject_key
from registry.actions import abandon_donation, start_donation
from registry.models import Donation
from tests.factories import consent as consent_make
from tests.factories import core as make
from tests.factories import registry as registry_make

pytestmark = pytest.mark.django_db


def test_a_donor_gets_their_own_key_and_who_they_are(programme: Programme, client: Client) -> None:
    donor, other = consent_make.donor(programme), consent_make.donor(programme)
    donation = start_donation(donor=donor, by=registry_make.user_of(donor))
    client.force_login(registry_make.user_of(donor))
    answer = client.post(reverse("curation:engine_key", args=[donation.pk]))
    domain = domain_of(programme.pk)
    told = answer.json()
    assert told["key"] == bytes(subject_key(domain, donor.pk)).hex()
    assert set(told["person"]) == {"given", "family", "previous", "born"}
    text = answer.content.decode()
    for secret in (subject_key(domain, other.pk), group_key(domain), bytes(domain.wrapped_key)):
        assert bytes(secret).hex() not in text
    assert answer["Cache-Control"] == "private, no-store"
    (event,) = Event.objects.filter(verb="key.lent")
    assert told["key"] not in str(event.data)


def test_nobody_else_gets_it(programme: Programme) -> None:
    donor, other = consent_make.donor(programme), consent_make.donor(programme)
    donation = start_donation(donor=donor, by=registry_make.user_of(donor))
    with pytest.raises(Missing):
        actions.lend_key(donation_id=donation.pk, by=registry_make.user_of(other))
    with pytest.raises(Missing):
        actions.lend_key(donation_id=donation.pk, by=make.user())
    assert not Event.objects.filter(verb="key.lent").exists()


def test_it_is_not_lent_once_nothing_can_be_added(programme: Programme) -> None:
    donor = consent_make.donor(programme)
    by = registry_make.user_of(donor)
    sent = registry_make.donation(donor)
    back = start_donation(donor=donor, by=by)
    abandon_donation(donation=back, by=by)
    for donation in (sent, back):
        with pytest.raises(Conflict):
            actions.lend_key(donation_id=donation.pk, by=by)


def test_the_key_is_no_part_of_what_is_shown_of_it(programme: Programme) -> None:
    donor = consent_make.donor(programme)
    by = registry_make.user_of(donor)
    lent = actions.lend_key(donation_id=start_donation(donor=donor, by=by).pk, by=by)
    assert bytes(lent.key).hex() not in repr(lent)
    assert lent.identity.family_name not in repr(lent)


def asks(client: Client, donation: Donation, *values: object) -> HttpResponse:
    """Asks as the page's script does."""
    address = reverse("curation:engine_numbers", args=[donation.pk])
    return client.post(address, {"asks": list(values)}, content_type="application/json")


def test_what_stands_for_a_hospital_in_the_whole_programme_is_lent_for_one_value_at_a_time(
    programme: Programme, other_programme: Programme, client: Client
) -> None:
    hospital = ["group site", b"st mary's".hex()]
    told = []
    for donor in (consent_make.donor(programme), consent_make.donor(programme), consent_make.donor(other_programme)):
        client.force_login(registry_make.user_of(donor))
        donation = start_donation(donor=donor, by=registry_make.user_of(donor))
        told.append(asks(client, donation, hospital).json()["numbers"])
    assert told[0] == told[1] != told[2]
    assert len(told[0]) == 1
    (first, *_) = Event.objects.filter(verb="numbers.lent").order_by("pk")
    assert first.data == '{"values":1}'
    answer = asks(client, donation, ["group device 00081010", b"ct1".hex()], ["code", "00"], ["uid", "31"], hospital)
    assert len(set(answer.json()["numbers"])) == 4
    assert bytes(group_key(domain_of(other_programme.pk))).hex() not in answer.content.decode()


@pytest.mark.parametrize(
    "values",
    [
        [],
        [["subject", "00"]],
        [["group site\n", "00"]],
        [["group site", ""]],
        [["group site", "zz"]],
        [["group site", "00" * 513]],
        [["group site", "00"]] * 9,
        [["group site"]],
        "group site",
        [7],
        None,
    ],
)
def test_nothing_else_is_made_of_the_programmes_key(programme: Programme, client: Client, values: Any) -> None:
    donor = consent_make.donor(programme)
    donation = start_donation(donor=donor, by=registry_make.user_of(donor))
    client.force_login(registry_make.user_of(donor))
    address = reverse("curation:engine_numbers", args=[donation.pk])
    assert client.post(address, {"asks": values}, content_type="application/json").status_code == 400
    assert client.post(address, b"[" * 60_000, content_type="application/json").status_code == 400
    assert not Event.objects.filter(verb="numbers.lent").exists()


def test_numbers_are_lent_to_the_donor_alone_while_images_can_be_added_and_not_too_many(
    programme: Programme, client: Client, settings: Any
) -> None:
    donor, other = consent_make.donor(programme), consent_make.donor(programme)
    hospital = ["group site", "00"]
    sent = registry_make.donation(donor)
    donation = start_donation(donor=donor, by=registry_make.user_of(donor))
    client.force_login(registry_make.user_of(other))
    assert asks(client, donation, hospital).status_code == 404
    client.force_login(registry_make.user_of(donor))
    assert asks(client, sent, hospital).status_code == 409
    settings.ACCOUNT_RATE_LIMITS = {"engine_numbers": "2/d/user"}
    assert [asks(client, donation, hospital).status_code for _ in range(3)] == [200, 200, 429]

"""A donor's browser is lent that donor's key and no other, while images can be added; each time is noted."""

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Programme
from core.audit.models import Event
from core.errors import Conflict, Missing
from curation import actions
from curation.work.keys import domain_of, group_key, subject_key
from registry.actions import abandon_donation, start_donation
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

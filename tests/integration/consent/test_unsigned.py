"""What is said on the way to signing is a row: one's own only, erased when one signs or when it expires."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from consent import actions, queries
from consent.models import Signature, Unsigned
from consent.work import erase_expired
from core.accounts.models import Programme
from core.due.kinds import SWEEPS
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in, text_of
from tests.integration.consent.test_pages_joining import DETAILS, at, fill, sign

pytestmark = pytest.mark.django_db


def test_it_follows_the_person_to_another_device_and_goes_when_they_sign(programme: Programme) -> None:
    make.form(programme)
    user = core.user()
    fill(signed_in(user), programme)
    for session in Session.objects.all():
        assert not any("Lovelace" in str(value) for value in session.get_decoded().values())
    elsewhere = signed_in(user)
    assert "Go on where you stopped" in text_of(elsewhere.get(at(programme)))
    assert "Ada Lovelace" in text_of(elsewhere.get(at(programme, "review/")))
    assert "Go on where you stopped" not in text_of(signed_in(core.user()).get(at(programme)))
    assert "Go on where you stopped" not in text_of(Client().get(at(programme)))
    assert sign(elsewhere, programme).status_code == 302
    assert not Unsigned.objects.exists()


def test_nobody_else_sees_it(programme: Programme, other_programme: Programme) -> None:
    make.form(programme)
    make.form(other_programme)
    user, stranger = core.user(), core.user()
    fill(signed_in(user), programme)
    assert queries.unsigned_of(stranger, programme.pk) is None
    assert queries.unsigned_of(user, other_programme.pk) is None
    assert "Lovelace" not in text_of(signed_in(stranger).get(at(programme, "about-you/")))


def test_after_its_time_it_is_neither_shown_nor_kept(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    fill(client, programme)
    kept = core.user()
    fill(signed_in(kept), programme)
    Unsigned.objects.exclude(user=kept).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(at(programme, "review/"))["Location"] == at(programme, "about-you/")
    assert "consent.expired_unsigned" in SWEEPS
    assert erase_expired() == 1
    assert Unsigned.objects.get().user_id == kept.pk


def test_it_goes_with_an_erased_account(programme: Programme, drain: Callable[[], int]) -> None:
    donor = make.donor(programme)
    user = donor.person.user
    actions.keep_choices(by=user, about=donor.pk, version=make.form(programme), choices=make.choices())
    actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    assert not Unsigned.objects.filter(user=user).exists()


def test_choices_are_kept_as_they_are_made_and_sign_nothing_before_they_are_complete(programme: Programme) -> None:
    make.form(programme)
    user = core.user()
    client = signed_in(user)
    client.post(at(programme, "about-you/"), DETAILS)
    ticked = {"may": "cancer_research", "choice_train_models": "no", "show": "yes"}
    client.post(at(programme, "choices/"), ticked)
    page = text_of(signed_in(user).get(at(programme, "choices/")))
    assert page.count(" checked") == 2
    assert "research into cancer" in page
    assert client.get(at(programme, "sign/"))["Location"] == at(programme, "choices/")


def test_a_question_that_comes_late_takes_back_nothing(programme: Programme) -> None:
    make.form(programme)
    client = signed_in(core.user())
    fill(client, programme)
    client.post(at(programme, "choices/"), {"may": "cancer_research", "show": "yes"})
    assert client.get(at(programme, "review/")).status_code == 200
    assert sign(client, programme).status_code == 302
    assert Signature.objects.get().choices["health_research"] is True

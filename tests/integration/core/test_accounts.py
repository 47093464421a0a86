"""How a registry begins: a programme and its first steward from the command line; and which sessions are forgotten."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.due.run import drain
from tests.factories import core

pytestmark = pytest.mark.django_db


def open_one(**changed: Any) -> None:
    """Runs the command with one thing changed."""
    named = {"name": "Lungs", "contact_name": "The team", "contact_email": "team@people.example"}
    call_command("open_programme", changed.pop("slug", "lungs"), **{**named, **changed})


def test_a_programme_is_opened_with_its_first_steward() -> None:
    steward = core.user()
    open_one(steward=steward.email.upper())
    held = Membership.objects.get(user=steward)
    assert (held.role, held.programme.slug, held.granted_by) == (Role.STEWARD, "lungs", "system:operator")
    assert set(Event.objects.values_list("verb", flat=True)) == {"programme.opened", "role.granted"}


def test_without_an_account_for_the_steward_nothing_is_opened() -> None:
    with pytest.raises(CommandError, match="create one first"):
        open_one(steward="nobody@people.example")
    assert not Programme.objects.exists()


def test_a_name_that_is_taken_is_said() -> None:
    steward = core.user()
    open_one(steward=steward.email)
    with pytest.raises(CommandError, match="already"):
        open_one(steward=steward.email)
    assert Programme.objects.count() == 1


def test_sessions_whose_time_is_over_are_forgotten_and_others_stay() -> None:
    over, goes_on = Client(), Client()
    for client in (over, goes_on):
        client.force_login(core.user())
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    drain()
    assert list(Session.objects.values_list("pk", flat=True)) == [goes_on.session.session_key]


def sign_up(email: str) -> tuple[int, str, str]:
    """Signs up as a stranger; returns the last page's status and address, and the e-mail that was sent."""
    mail.outbox.clear()
    form = {"email": email, "password1": core.PASSWORD, "password2": core.PASSWORD}
    answer = Client().post("/accounts/signup/", form, follow=True)
    drain()
    return answer.status_code, answer.request["PATH_INFO"], mail.outbox[0].body


def test_signing_up_in_production_says_nothing_of_who_has_an_account(settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known = core.user()
    new, taken = sign_up("new@people.example"), sign_up(known.email)
    assert new[:2] == taken[:2] == (200, "/accounts/confirm-email/")
    assert all("account with Donara" in text and "If it was not you, do nothing." in text for *_, text in (new, taken))
    assert not {"Person", known.display_name} & set(new[2].split() + taken[2].split())


def test_in_production_nobody_signs_in_before_the_address_is_confirmed(settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    _, _, text = sign_up("new@people.example")
    visitor = Client()
    credentials = {"login": "new@people.example", "password": core.PASSWORD}
    assert visitor.post("/accounts/login/", credentials).headers["Location"] == "/accounts/confirm-email/"
    address = re.search(r"http://testserver(/accounts/confirm-email/\S+)", text)
    assert address is not None
    assert visitor.get(address[1]).status_code == 200
    visitor.post(address[1])
    assert visitor.post("/accounts/login/", credentials).headers["Location"] == "/home/"

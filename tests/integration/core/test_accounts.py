"""How a registry begins: a programme and its first steward from the command line; and which sessions are forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
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

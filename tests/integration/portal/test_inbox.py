"""The inbox: what waits for whom, and work that no worker gets done."""

import pytest
from django.test import Client

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.models import DueWork
from core.due.queries import MANY_ATTEMPTS
from core.ids import new_id
from tests.factories import consent, core

pytestmark = pytest.mark.django_db


def page(user: object) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get("/inbox/").content.decode()


def test_stewards_hear_of_work_that_keeps_failing_and_nobody_else_does(programme: Programme) -> None:
    DueWork.objects.create(kind="test.stuck", subject_id=new_id(), attempts=MANY_ATTEMPTS, last_error="OSError")
    assert "test.stuck (OSError)" in page(core.user(programme, Role.STEWARD))
    assert "test.stuck" not in page(core.user(programme, Role.CURATOR))


def test_an_empty_inbox_says_so(programme: Programme) -> None:
    assert "Nothing waits for you" in page(core.user(programme, Role.COMMITTEE))


def test_a_new_steward_hears_that_a_form_is_missing_until_one_is_published(programme: Programme) -> None:
    steward = core.user(programme, Role.STEWARD)
    assert "before its consent form is published" in page(steward)
    consent.form(programme)
    assert "Nothing waits for you" in page(steward)

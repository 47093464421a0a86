"""A visit says whether the log still holds everything; stewards learn of what does not."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from consent import work
from consent.models import Signature
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import LogAlarm
from core.notifications.models import Notice
from tests.factories import core
from tests.ground.guards import unguarded
from tests.integration.consent.logged import browser, forge, later, logged

pytestmark = pytest.mark.django_db


def test_a_visit_says_that_the_log_still_holds_everything(programme: Programme) -> None:
    donor = logged(programme)
    later(programme, 300)
    for address in ("/my-choices/", f"/receipts/{Signature.objects.get(donor=donor).pk}/"):
        page = browser(donor).get(address).content.decode()
        assert "still contains everything it did when you signed" in page
        assert "no longer fits" not in page
    assert not LogAlarm.objects.exists()


def test_an_edited_event_is_found_by_its_donors_visit_and_stewards_are_told(programme: Programme) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    later(programme)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET actor = 'user:other' WHERE verb = 'consent.signed'")
    page = browser(donor).get("/my-choices/").content.decode()
    assert "Our public log no longer fits your receipt" in page
    staff = Client()
    staff.force_login(steward)
    assert "A receipt that a donor holds does not fit the log" in staff.get("/inbox/").content.decode()
    assert "The log does not hold" in staff.get("/audit/").content.decode()
    cache.clear()
    work.look_at_receipts()
    work.look_at_receipts()
    assert Notice.objects.filter(user=steward, title="The public log does not hold").count() == 1


def test_stewards_learn_of_it_without_any_visit(programme: Programme) -> None:
    logged(programme)
    steward = core.user(programme, Role.STEWARD)
    cache.clear()
    work.look_at_receipts()
    assert not LogAlarm.objects.exists()
    forge(programme)
    work.look_at_receipts()
    assert Notice.objects.filter(user=steward).count() == 1

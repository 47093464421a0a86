"""A withdrawal has its record in the log, before and after erasure, and for its donor alone."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from consent import actions
from consent.models import Withdrawal
from consent.queries import withdrawal_key
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from tests.factories import core
from tests.integration.consent.logged import checked, later, logged, receipt

pytestmark = pytest.mark.django_db


def test_a_withdrawal_has_a_record_before_and_after_erasure(
    programme: Programme, tmp_path: Path, drain: Callable[[], int]
) -> None:
    donor = logged(programme)
    kept, person = receipt(donor), donor.person.user
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=person)
    drain()
    drain()
    assert Withdrawal.objects.get().state == "complete"
    address = f"/withdrawals/{withdrawal.pk}/?key={withdrawal_key(withdrawal.pk)}"
    assert "still contains everything it did when you withdrew" in Client().get(address).content.decode()
    found = Client().get(f"{address}&format=json").json()
    assert len(found["log"]["entries"]) == 2
    code, said = checked(tmp_path, found)
    assert code == 0, said
    found["kind"] = "no_further_use"
    assert checked(tmp_path, found)[0] == 1
    # The receipt that the donor kept still proves what it proved; the registry can no longer tell whose entry it is.
    assert checked(tmp_path, kept)[0] == 0
    about = Event.objects.filter(subject_id=donor.pk).exclude(verb__in=["consent.withdrawn", "person.erased"])
    assert {bytes(event.salt) for event in about} == {b""}
    later(programme)
    assert all(bytes(event.commitment) for event in about), "the leaf stays"
    call_command("verify_audit", stdout=io.StringIO())


def test_watchers_get_no_record(programme: Programme) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    staff = Client()
    staff.force_login(steward)
    answer = staff.get(f"/withdrawals/{withdrawal.pk}/?format=json")
    assert answer["Content-Type"].startswith("text/html")
    assert str(donor.pk) not in answer.content.decode()

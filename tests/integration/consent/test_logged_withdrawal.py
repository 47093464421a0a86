"""A withdrawal has its record in the log, before and after erasure, and for its donor alone."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from consent import actions
from consent.models import Withdrawal
from consent.queries import withdrawal_key
from consent.queries.certificates import statement
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.canonical import digest_of
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
    for change in changes(found):
        code, said = checked(tmp_path, change)
        assert code == 1, said
    for less in (
        found | {"certificate": None},
        found | {"log": found["log"] | {"entries": found["log"]["entries"][1:]}},
    ):
        code, said = checked(tmp_path, less)
        assert (code, "not checked" in said) == (2, True), said
    # The receipt that the donor kept still proves what it proved; the registry can no longer tell whose entry it is.
    assert checked(tmp_path, kept)[0] == 0
    about = Event.objects.filter(subject_id=donor.pk).exclude(verb__in=["consent.withdrawn", "person.erased"])
    assert {bytes(event.salt) for event in about} == {b""}
    later(programme)
    assert all(bytes(event.commitment) for event in about), "the leaf stays"
    call_command("verify_audit", stdout=io.StringIO())


def changes(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The record with one thing in it changed, for each that it shows."""
    yield found | {"kind": "no_further_use"}
    yield found | {"donor": str(uuid4())}
    yield found | {"programme": "other"}
    yield found | {"state": "under_way"}
    yield found | {"effective_at": "2026-01-01T00:00:00+00:00"}
    yield found | {"completed_at": "2026-01-01T00:00:00+00:00"}
    first, *others = found["steps"]
    yield found | {"steps": others}
    yield found | {"steps": [first, *others, first]}
    for name, other in {
        "proof": {"files": 9},
        "done_at": "2026-01-01T00:00:00+00:00",
        "title": "x",
        "duty": "x",
    }.items():
        yield found | {"steps": [first | {name: other}, *others]}
        if name != "done_at":
            signed = found["certificate"] | {"steps": [found["certificate"]["steps"][0] | {name: other}, *others]}
            yield found | {"steps": [first | {name: other}, *others], "certificate": signed}


def test_watchers_get_no_record(programme: Programme) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    staff = Client()
    staff.force_login(steward)
    answer = staff.get(f"/withdrawals/{withdrawal.pk}/?format=json")
    assert answer["Content-Type"].startswith("text/html")
    assert str(donor.pk) not in answer.content.decode()


def test_a_certificate_has_its_proof_and_is_compared_with_the_log(
    programme: Programme, tmp_path: Path, drain: Callable[[], int]
) -> None:
    donor, steward = logged(programme), core.user(programme, Role.STEWARD)
    withdrawal = actions.withdraw(donor=donor, kind="no_further_use", by=donor.person.user)
    drain()
    drain()
    watcher = Client()
    watcher.force_login(steward)
    address = f"/withdrawals/{withdrawal.pk}/certificate/?format=json"
    answer = watcher.get(address)
    assert str(donor.pk) not in answer.content.decode()
    found = answer.json()
    code, said = checked(tmp_path, found)
    assert code == 0, said
    for change in ({"kind": "erase"}, {"steps": []}, {"completed_at": "2026-01-01T00:00:00.000000Z"}):
        assert checked(tmp_path, found | {"certificate": found["certificate"] | change})[0] == 1
    assert checked(tmp_path, found | {"sha256": "0" * 64})[0] == 1
    # The rows and the column beside them, both written anew: the event still says what was signed off.
    withdrawal.refresh_from_db()
    first = withdrawal.steps.all()[0]
    first.proof = {"files": 9}
    first.save()
    assert withdrawal.completed_at is not None
    forged = digest_of(statement(withdrawal, withdrawal.completed_at))
    Withdrawal.objects.filter(pk=withdrawal.pk).update(certificate_sha256=forged)
    assert watcher.get(address).status_code == 409

"""Donors are told three times that their form changed, once each, and e-mails say nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.db.models import QuerySet

import consent
from consent import actions
from core.accounts.models import Programme
from core.notifications.models import Notice
from tests.factories import consent as make
from tests.integration.consent.renewing import later, material, name_of

pytestmark = pytest.mark.django_db


def news() -> QuerySet[Notice]:
    """What was told of forms; of their receipts donors are told besides."""
    return Notice.objects.filter(dedupe__contains=":form:")


def test_donors_are_told_three_times_once_each_and_e_mails_say_nothing(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, signs = make.donor(programme), make.donor(programme)
    material(programme)
    drain()
    drain()
    assert news().count() == 2
    actions.change_choices(
        donor=signs, choices=make.choices(ancestry=False), typed_name=name_of(signs), by=signs.person.user
    )
    for days in (47, 14):
        later(monkeypatch, days)
        drain()
    mine = news().filter(user=stays.person.user)
    assert [each.dedupe.rpartition(":")[2] for each in mine.order_by("id")] == ["changed", "soon", "over"]
    assert news().filter(user=signs.person.user).count() == 1
    said = "".join(str(message.subject) + str(message.body) for message in mail.outbox)
    assert f"/my-choices/{stays.pk}/renew/" in said
    for secret in ("Ada", "scan", "form", "consent", programme.name):
        assert secret not in said


def test_who_asked_for_quiet_finds_it_in_their_inbox_and_gets_no_e_mail(
    programme: Programme, drain: Callable[[], int]
) -> None:
    quiet, other = make.donor(programme), make.donor(programme)
    actions.withdraw(donor=quiet, kind="no_contact", by=quiet.person.user)
    drain()
    mail.outbox.clear()
    material(programme)
    drain()
    assert {notice.user for notice in news()} == {quiet.person.user, other.person.user}
    assert [message.to for message in mail.outbox] == [[other.person.user.email]]


def test_consent_writes_to_donors_through_one_door() -> None:
    room = Path(consent.__file__).parent
    users = {str(file.relative_to(room)) for file in room.rglob("*.py") if "notifications.send" in file.read_text()}
    assert users == {"work/writing.py", "work/logged.py", "actions/opening.py"}, "all but the first write to stewards"


def test_many_donors_are_told_in_parts(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.work.renewal.MANY", 2)
    for _ in range(5):
        make.donor(programme)
    material(programme)
    drain()
    assert news().count() == 5

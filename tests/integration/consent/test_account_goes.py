"""What becomes of the account of a donor who is erased: it goes with all that they were, or says why it stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from consent import actions
from consent.models import Person, Withdrawal
from consent.rules.duties import DUTIES, NotYet, Proof
from consent.rules.effects import Change, foresee
from consent.web.proofs import in_words
from consent.work import advance
from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.renewing import later

pytestmark = pytest.mark.django_db


def waits(*_: object) -> Proof:
    """A duty whose turn does not come."""
    raise NotYet("waiting")


def said(donor: make.Donor) -> str:
    """What stands there before the yes."""
    return " ".join(effect.text for effect in foresee(donor.pk, Change("erase")))


def proof_of(withdrawal: Withdrawal) -> dict[str, str]:
    """What the last step shows."""
    found: dict[str, str] = withdrawal.steps.get(duty="consent.person").proof
    return found


def test_whom_the_account_was_before_goes_too(programme: Programme, drain: Callable[[], int]) -> None:
    first, stranger = make.donor(programme), make.donor(programme)
    user = first.person.user
    actions.withdraw(donor=first, kind="no_further_use", by=user)
    drain()
    second = make.donor(programme, user=user)
    assert "Your account is closed and emptied." in said(second)
    withdrawal = actions.withdraw(donor=second, kind="erase", by=user)
    drain()
    user.refresh_from_db()
    assert not user.is_active
    assert list(Person.objects.values_list("donor_id", flat=True)) == [stranger.pk]
    assert proof_of(withdrawal)["account"] == "erased"


def test_an_earlier_donor_is_erased_and_who_gives_again_stays(programme: Programme, drain: Callable[[], int]) -> None:
    first = make.donor(programme)
    user = first.person.user
    actions.withdraw(donor=first, kind="no_further_use", by=user)
    drain()
    second = make.donor(programme, user=user)
    assert "stays, because you are a donor with it still" in said(first)
    withdrawal = actions.withdraw(donor=first, kind="erase", by=user)
    drain()
    user.refresh_from_db()
    assert user.is_active
    assert list(Person.objects.values_list("donor_id", flat=True)) == [second.pk]
    assert Membership.objects.filter(user=user, role=Role.DONOR, until=None).exists()
    assert "stays, because you are a donor with it still" in in_words(proof_of(withdrawal))


def test_who_has_another_role_keeps_the_account_and_reads_why(programme: Programme, drain: Callable[[], int]) -> None:
    user = core.user(programme, Role.RESEARCHER)
    donor = make.donor(programme, user=user)
    assert "stays, because you have another role" in said(donor)
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=user)
    drain()
    user.refresh_from_db()
    assert user.is_active
    assert "stays, because you have another role" in in_words(proof_of(withdrawal))


def test_backups_of_the_person_are_counted_from_when_the_person_goes(
    programme: Programme, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = make.donor(programme)
    withdrawal = actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
    with monkeypatch.context() as away:
        away.setitem(DUTIES, "consent.told", replace(DUTIES["consent.told"], run=waits))
        drain()
    later(monkeypatch, 10)
    advance(withdrawal.pk)
    days = [
        date.fromisoformat(withdrawal.steps.get(duty=duty).proof["backups_until"])
        for duty in ("storage.backups", "consent.person")
    ]
    assert days[1] - days[0] == timedelta(days=10)

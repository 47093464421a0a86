"""An identity that is locked away is opened by two stewards, for an order, once, and every act of it is in the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from consent import actions
from consent.models import Donor, IdentityOpening, SealedIdentity
from consent.queries import waiting
from consent.work.evidence import shred
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.models import Notice
from tests.factories import consent as make
from tests.factories import core
from tests.integration.consent.browsing import signed_in

pytestmark = pytest.mark.django_db
ORDER = "2C-1234/2026"


@pytest.fixture
def erased(programme: Programme, drain: Callable[[], int]) -> Donor:
    donor = make.donor(programme)
    actions.withdraw(donor=donor, kind="erase", by=donor.person.user)
    drain()
    assert SealedIdentity.objects.filter(donor=donor).exists()
    return donor


@pytest.fixture
def stewards(programme: Programme) -> tuple[User, User]:
    return core.user(programme, Role.STEWARD), core.user(programme, Role.STEWARD)


def test_two_stewards_open_it_once(erased: Donor, stewards: tuple[User, User]) -> None:
    asks, opens = (signed_in(each) for each in stewards)
    said = {"donor": str(erased.pk), "reference": ORDER, "password": core.PASSWORD}
    assert IdentityOpening.objects.count() == 0
    assert asks.post("/staff/identities/", {**said, "password": "wrong"}).status_code == 200
    assert IdentityOpening.objects.count() == 0
    address = asks.post("/staff/identities/", said).headers["Location"]
    assert Notice.objects.filter(user=stewards[1], link=address).exists()
    assert not Notice.objects.filter(user=stewards[0], link=address).exists()
    own = asks.post(address, {"password": core.PASSWORD}).content.decode()
    assert "Lovelace" not in own
    assert "Lovelace" not in opens.get(address).content.decode()
    assert "Lovelace" not in opens.post(address, {"password": "wrong"}).content.decode()
    answer = opens.post(address, {"password": core.PASSWORD})
    assert "Lovelace" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for each in (asks, opens):
        assert "Lovelace" not in each.get(address).content.decode()
        assert "Lovelace" not in each.post(address, {"password": core.PASSWORD}).content.decode()
    events = Event.objects.filter(subject_id=erased.pk, verb__startswith="identity.open")
    assert [(event.verb, event.actor) for event in events.order_by("id")] == [
        ("identity.opening_asked", f"user:{stewards[0].pk}"),
        ("identity.opened", f"user:{stewards[1].pk}"),
    ]
    assert all(ORDER in event.data and "Lovelace" not in event.data for event in events)


def test_nobody_opens_it_alone(erased: Donor, stewards: tuple[User, User]) -> None:
    asks, opens = stewards
    opening = actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=asks)
    with pytest.raises(NotAllowed, match="another steward"):
        actions.open_identity(opening=opening, by=asks)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityOpening.objects.update(opened_by=asks, opened_at=timezone.now())
    with pytest.raises(Conflict, match="already"):
        actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=opens)
    assert actions.open_identity(opening=opening, by=opens)["family_name"]
    with pytest.raises(Conflict, match="once only"):
        actions.open_identity(opening=opening, by=opens)


def test_a_request_with_a_wrong_number_is_closed_and_made_anew(erased: Donor, stewards: tuple[User, User]) -> None:
    asks, opens = stewards
    wrong = actions.ask_identity(donor_id=erased.pk, reference="2C-1234/2062", by=asks)
    assert [line.href for line in waiting(opens) if line.kind == "identity"] == [f"/staff/identities/{wrong.pk}/"]
    assert not [line for line in waiting(asks) if line.kind == "identity"]
    signed_in(asks).post(f"/staff/identities/{wrong.pk}/", {"close": "yes"})
    assert not [line for line in waiting(opens) if line.kind == "identity"]
    for act in (actions.open_identity, actions.close_opening):
        with pytest.raises(Conflict):
            act(opening=wrong, by=opens)
    right = actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=asks)
    assert actions.open_identity(opening=right, by=opens)["family_name"]
    with pytest.raises(Conflict):
        actions.close_opening(opening=right, by=asks)
    closed = Event.objects.get(verb="identity.opening_closed")
    assert (closed.subject_id, closed.actor) == (erased.pk, f"user:{asks.pk}")


def test_what_was_opened_stays_and_is_opened_no_second_time(erased: Donor, stewards: tuple[User, User]) -> None:
    """Whoever writes to the database: the row is evidence of who saw a name."""
    asks, opens = stewards
    opening = actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=asks)
    actions.open_identity(opening=opening, by=opens)
    rows = IdentityOpening.objects.filter(pk=opening.pk)
    for change in (
        lambda: rows.update(opened_by=None, opened_at=None),
        lambda: rows.update(opened_at=timezone.now()),
        lambda: rows.update(reference="other-1"),
        lambda: rows.update(closed_by=asks, closed_at=timezone.now()),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("reference", ["", "no digits", "Smith", "12", "1" * 61, "Smith v Jones 12"])
def test_the_order_has_a_number_and_names_nobody(erased: Donor, stewards: tuple[User, User], reference: str) -> None:
    with pytest.raises(Invalid, match="number of the order"):
        actions.ask_identity(donor_id=erased.pk, reference=reference, by=stewards[0])


def test_others_find_nothing(
    erased: Donor, stewards: tuple[User, User], programme: Programme, other_programme: Programme
) -> None:
    opening = actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=stewards[0])
    for user in (core.user(other_programme, Role.STEWARD), core.user(programme, Role.AUDITOR)):
        with pytest.raises(Missing):
            actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=user)
        with pytest.raises(NotAllowed):
            actions.open_identity(opening=opening, by=user)
        assert signed_in(user).get(f"/staff/identities/{opening.pk}/").status_code == 404
    assert Client().get("/staff/identities/").status_code == 302


def test_what_is_destroyed_is_opened_by_nobody(erased: Donor, stewards: tuple[User, User]) -> None:
    opening = actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=stewards[0])
    SealedIdentity.objects.update(until=timezone.now() - timedelta(seconds=1))
    for destroy in (None, shred):  # by the day that was promised, and not only once the shredder has come by
        if destroy:
            destroy()
        with pytest.raises(Conflict, match="no longer kept"):
            actions.open_identity(opening=opening, by=stewards[1])
    opening.refresh_from_db()
    assert opening.opened_at is None
    with pytest.raises(Missing):
        actions.ask_identity(donor_id=erased.pk, reference=ORDER, by=stewards[1])

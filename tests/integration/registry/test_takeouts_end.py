"""Copies of what a donor sent go with the consent, with what is found, after some days, and with the donor."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.models import Programme
from core.due.models import DueWork
from core.errors import Conflict, Unavailable
from core.ids import new_id
from core.notifications.models import Notice
from core.storage import work as storage
from core.storage.models import StoredObject
from registry import work
from registry.models import DonatedFile, Image, Takeout, TakeoutFile
from registry.queries import takeout_facts
from registry.queries.takeouts import takeouts_of
from registry.rules.giving_back import Gone
from registry.rules.lifecycle import TakeoutState
from registry.work import takeouts
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories.parts import drain
from tests.integration.registry.copied import asked, lying, made, taken

pytestmark = pytest.mark.django_db


def withdraw(donor: Donor) -> None:
    consent_actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))


def recall(donor: Donor) -> None:
    """As a report does it: the image is out of reach, and that is told in the same transaction."""
    image = Image.objects.filter(donor=donor).order_by("pk")[0]
    work.recall_found([image.file_id], programme_id=donor.programme_id, recheck_id=new_id(), by=core.SETUP)


@pytest.mark.parametrize(("harm", "stay"), [(withdraw, 0), (recall, 1)])
def test_what_may_not_be_handed_back_any_more_goes_at_once(programme: Programme, harm: Any, stay: int) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    make.images(donor, 2)
    make.images(other, 1)
    made(donor)
    made(other)
    harm(donor)
    offered = taken(donor)  # in the very next moment, with the bytes still there
    assert len([data for data in offered.values() if isinstance(data, bytes)]) == stay
    drain()
    assert {thing.donor_id for thing in lying()} == ({donor.pk, other.pk} if stay else {other.pk})
    assert len([thing for thing in lying() if thing.donor_id == donor.pk]) == stay


def test_a_recall_makes_the_erasure_due_in_its_own_transaction(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    takeout = made(donor)
    recall(donor)
    work.clear_takeout(takeout.pk)
    assert lying() == []


def test_who_withdraws_while_it_is_copied_leaves_no_copy(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    takeout = asked(donor)
    write = storage.write

    def withdraws_first(thing: StoredObject, data: Any, **rest: Any) -> StoredObject:
        withdraw(donor)
        return write(thing, data, **rest)

    monkeypatch.setattr(takeouts.storage, "write", withdraws_first)
    work.make_takeout(takeout.pk)
    takeout.refresh_from_db()
    assert (takeout.state, lying()) == (TakeoutState.ENDED, [])
    assert not Notice.objects.filter(title=takeouts.TITLE).exists()
    assert taken_nothing(donor)


def test_one_donors_trouble_keeps_nobody_elses_copies_from_being_cleared(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails for the first: only that one's erasure waits."""
    first, second = consent.donor(programme), consent.donor(programme)
    for donor in (first, second):
        make.images(donor, 1)
    copies = [made(donor) for donor in (first, second)]
    Takeout.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    erase = storage.erase

    def fails_for_the_first(things: Any, **rest: Any) -> Any:
        if any(thing.donor_id == first.pk for thing in things):
            raise Unavailable("The store cannot be reached.")
        return erase(things, **rest)

    monkeypatch.setattr(takeouts.storage, "erase", fails_for_the_first)
    drain()
    assert [thing.donor_id for thing in lying()] == [first.pk]
    monkeypatch.undo()
    DueWork.objects.update(due_at=timezone.now())
    drain()
    assert lying() == []
    assert {Takeout.objects.get(pk=each.pk).state for each in copies} == {TakeoutState.ENDED}


def taken_nothing(donor: Donor) -> bool:
    return not [data for data in taken(donor).values() if isinstance(data, bytes)]


def test_copies_go_when_their_days_are_over_and_can_be_asked_for_again(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    takeout = made(donor)
    Takeout.objects.filter(pk=takeout.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert takeout_facts(donor.pk) is None
    with pytest.raises(Conflict, match="has to be made first"):
        taken(donor)
    drain()
    takeout.refresh_from_db()
    assert (takeout.state, lying()) == (TakeoutState.ENDED, [])
    again = made(donor)
    assert again.pk != takeout.pk
    assert len(taken(donor)) == 1


def test_files_as_sent_whose_days_are_over_have_no_copy_either(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    made(donor)
    DonatedFile.objects.update(created_at=timezone.now() - timedelta(days=365))
    work.raw.destroy_raw()
    assert lying() == []
    assert list(taken(donor).values()) == [Gone.ERASED]


def test_an_erased_donor_leaves_no_sign_of_having_asked(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    made(donor)
    consent_actions.withdraw(donor=donor, kind="erase", by=make.user_of(donor))
    drain()
    assert lying() == []
    assert not takeouts_of(donor.pk).exists()
    assert not Takeout.objects.exists()
    assert not TakeoutFile.objects.exists()

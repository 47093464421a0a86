"""Copies of what a donor sent: made by cleaners, for that donor alone, gone with the consent and after some days."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from consent import actions as consent_actions
from consent.models import Donor
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.due.models import DueWork
from core.errors import Conflict, Missing, Unavailable
from core.ids import new_id
from core.notifications.models import Notice
from core.storage import work as storage
from core.storage.guarded import StoreRefused
from core.storage.models import StoredObject
from core.storage.roles import Role as Process
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions, work
from registry.models import DonatedFile, Image, Takeout, TakeoutFile
from registry.queries import takeout_facts, uncopied
from registry.queries.takeouts import takeouts_of
from registry.rules.giving_back import KEPT, Copy, Gone
from registry.rules.lifecycle import TakeoutState
from registry.work import takeouts
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories.parts import being, drain

pytestmark = pytest.mark.django_db


def asked(donor: Donor) -> Takeout:
    return actions.ask_for_copies(donor_id=donor.pk, by=make.user_of(donor))


def made(donor: Donor) -> Takeout:
    """Copies, as a cleaner makes them."""
    takeout = asked(donor)
    with being(Process.CLEANER):
        while work.make_takeout(takeout.pk):
            pass
    takeout.refresh_from_db()
    return takeout


def taken(donor: Donor) -> dict[str, bytes | Gone | None]:
    """The files as they were sent by their names, or why they are not handed back; as a web process hands them out."""
    with being(Process.WEB):
        files = actions.take_copies(donor_id=donor.pk, copies=[Copy.SENT], by=make.user_of(donor))
        return {
            file.name: file.why if pieces is None else b"".join(pieces)
            for file, pieces in files
            if file.copy is Copy.SENT
        }


def lying() -> list[StoredObject]:
    """What lies in the zone of copies, by its rows and by its bytes."""
    things = list(StoredObject.objects.filter(zone=Zone.TAKEOUT, state=ObjectState.STORED).order_by("pk"))
    for thing in StoredObject.objects.filter(zone=Zone.TAKEOUT):
        assert store().exists(Zone.TAKEOUT, thing.key) == (thing in things)
    return things


def test_a_web_process_hands_out_what_a_cleaner_copied_and_reads_nothing_else(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    sent = {f"as-you-sent-them/{file.pk}.dcm": storage.read(file.stored) for file in DonatedFile.objects.all()}
    takeout = made(donor)
    assert takeout.state == TakeoutState.READY
    assert takeout.expires_at is not None
    assert abs(takeout.expires_at - timezone.now() - KEPT) < timedelta(minutes=1)
    assert taken(donor) == sent
    with being(Process.WEB), pytest.raises(StoreRefused):
        storage.read(DonatedFile.objects.all()[0].stored)
    with being(Process.RUNNER), pytest.raises(StoreRefused):
        storage.read(lying()[0])
    with being(Process.WEB), pytest.raises(StoreRefused):
        store().put(Zone.TAKEOUT, str(new_id()), BytesIO(b"x"))
    notice = Notice.objects.get(user_id=make.user_of(donor).pk, title=takeouts.TITLE)
    assert notice.link == f"/my-data/{donor.pk}/download/"
    assert Event.objects.filter(verb="registry.copies_asked").count() == 1


def test_nobody_asks_for_anothers_and_asking_twice_makes_one(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    make.images(donor, 1)
    make.images(other, 1)
    for user in (make.user_of(other), core.user(programme, *Role)):
        with pytest.raises(Missing):
            actions.ask_for_copies(donor_id=donor.pk, by=user)
    assert asked(donor) == asked(donor)
    assert Takeout.objects.get().donor_id == donor.pk
    drain()
    assert {thing.donor_id for thing in lying()} == {donor.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Takeout.objects.create(donor=donor, programme_id=programme.pk)


def test_there_is_nothing_to_ask_for_where_nothing_may_be_handed_back(programme: Programme) -> None:
    donor = consent.donor(programme)
    with pytest.raises(Conflict, match="no files here"):
        asked(donor)
    make.images(donor, 1)
    made(donor)
    with pytest.raises(Conflict, match="no files here"):
        asked(donor)  # every copy is there


def test_each_turn_copies_a_part_and_the_page_says_how_far(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeouts, "TURN_FILES", 2)
    donor = consent.donor(programme)
    make.images(donor, 5)
    takeout = asked(donor)
    client = Client()
    client.force_login(make.user_of(donor))
    said = []
    while work.make_takeout(takeout.pk):
        facts = takeout_facts(donor.pk)
        assert facts is not None
        said.append((facts.done, facts.number, facts.until))
        page = client.get(f"/my-data/{donor.pk}/download/")
        assert page["Refresh"] == "10"
        assert f"{facts.done} of 5" in page.content.decode()
    assert said == [(2, 5, None), (4, 5, None)]
    page = client.get(f"/my-data/{donor.pk}/download/")
    assert "Refresh" not in page
    assert "ready to download until" in page.content.decode()
    assert len(lying()) == 5


def test_a_worker_that_died_while_it_copied_is_followed_by_another(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    takeout = asked(donor)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(takeouts.storage, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            work.make_takeout(takeout.pk)
    assert TakeoutFile.objects.get().stored.state == ObjectState.RESERVED
    drain()
    assert len(lying()) == len(taken(donor)) == 2


def test_what_is_damaged_is_said_and_not_copied(programme: Programme) -> None:
    donor = consent.donor(programme)
    changed, gone, fine = make.images(donor, 3)
    files = {image: DonatedFile.objects.get(pk=image.file_id) for image in (changed, gone, fine)}
    store().replace(Zone.QUARANTINE, files[changed].stored.key, BytesIO(b"other bytes"))
    store().delete(Zone.QUARANTINE, files[gone].stored.key)
    assert made(donor).state == TakeoutState.READY
    assert len(lying()) == 1
    sent = {name: data for name, data in taken(donor).items() if data}
    assert list(sent) == [f"as-you-sent-them/{fine.file_id}.dcm"]
    for image in (changed, gone):
        assert TakeoutFile.objects.get(file=files[image]).stored is None
        assert taken(donor)[f"as-you-sent-them/{image.file_id}.dcm"] == b""  # which its digest says to be damaged


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


def test_what_came_since_is_copied_when_it_is_asked_for(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    first = made(donor)
    old = lying()
    make.images(donor, 1)
    assert uncopied(donor.pk).count() == 1
    assert made(donor) == first
    assert len(lying()) == 2
    assert old[0] in lying()


def test_what_comes_between_the_look_and_the_file_is_said(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    made(donor)
    with being(Process.WEB):
        files = actions.take_copies(donor_id=donor.pk, copies=[Copy.SENT], by=make.user_of(donor))
        make.donation(donor, 1)
        assert [file.why for file, _ in files if file.copy is Copy.SENT] == [None, Gone.LATER]


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

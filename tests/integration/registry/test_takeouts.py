"""Copies of what a donor sent: made by cleaners, for that donor alone, and handed out by web processes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Missing
from core.ids import new_id
from core.notifications.models import Notice
from core.storage import work as storage
from core.storage.guarded import StoreRefused
from core.storage.roles import Role as Process
from core.storage.store import store
from core.storage.zones import ObjectState, Zone
from registry import actions, work
from registry.models import DonatedFile, Takeout, TakeoutFile
from registry.queries import takeout_facts, uncopied
from registry.rules.giving_back import KEPT, Copy, Gone
from registry.rules.lifecycle import TakeoutState
from registry.work import takeouts
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories.parts import being, drain
from tests.integration.registry.copied import asked, lying, made, taken

pytestmark = pytest.mark.django_db


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

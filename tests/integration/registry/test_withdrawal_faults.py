"""Whatever fails on the way of a withdrawal: no new read succeeds, nothing is certified, and it comes to its end."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.utils import timezone

from consent.models import Withdrawal
from consent.queries import certificate_of
from consent.rules.duties import DUTIES, in_order
from core.accounts.models import Programme
from core.due.models import DueWork
from core.due.run import drain
from core.errors import Conflict, Missing, NotAllowed
from core.storage.interface import StoreUnreachable
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import open_object
from core.storage.zones import Zone
from registry import actions, queries
from registry.actions.manifests import read_manifest
from registry.models import DatasetVersion, HolderNotice, VersionEntry
from registry.rules.leaving import Way
from registry.work import end_unanswered, read_image
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.consent.test_telling import Refusing
from tests.integration.registry.test_at_once import at_once

pytestmark = pytest.mark.django_db
DUTIES_OF_ERASURE = [duty.code for duty in in_order("erase")]


class Killed(BaseException):
    """Like SIGKILL, it is caught by nothing on its way."""


class Scene:
    """Somebody who leaves, somebody who stays, a version with both and a researcher who may use it."""

    def __init__(self, programme: Programme) -> None:
        self.leaver, self.stayer = consent.donor(programme), consent.donor(programme)
        for donor in (self.leaver, self.stayer):
            make.images(donor, 1)
        self.version = make.version(make.dataset(programme))
        self.grant = make.grant(self.version)
        self.theirs = VersionEntry.objects.get(version=self.version, donor=self.leaver)

    def leave(self, kind: str = "erase") -> Withdrawal:
        """The donor's act."""
        return consent.actions.withdraw(donor=self.leaver, kind=kind, by=make.user_of(self.leaver))

    def check_no_read(self) -> None:
        """Every door to the leaver's images is shut."""
        assert not queries.entries_for(self.grant).filter(donor_id=self.leaver.pk).exists()
        with pytest.raises(NotAllowed):
            queries.usable_grant(self.grant.researcher, self.grant.pk)
        with pytest.raises(Missing):
            read_image(self.theirs, way=Way.SANDBOX)
        try:
            text = read_manifest(version=DatasetVersion.objects.get(pk=self.version.pk), by=self.grant.researcher)
        except (Conflict, NotAllowed):
            return
        assert text.count(b'"withdrawn"') == 1

    def holders_answer(self) -> None:
        """The researcher says that copies are gone."""
        HolderNotice.objects.filter(attested_at=None).update(attested_at=timezone.now())


def again() -> None:
    """The dead worker's lease runs out, pauses pass, and workers work."""
    DueWork.objects.filter(done=False).update(lease_until=None, lease=None, due_at=timezone.now())
    drain()


def settled(withdrawal: Withdrawal) -> Withdrawal:
    """The withdrawal as it stands."""
    return Withdrawal.objects.get(pk=withdrawal.pk)


@pytest.mark.parametrize(
    "before", [pytest.param(True, marks=pytest.mark.nightly, id="before"), pytest.param(False, id="after")]
)
@pytest.mark.parametrize("code", DUTIES_OF_ERASURE)
def test_killed_at_every_step_it_goes_on_and_certifies_nothing_too_early(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, code: str, before: bool
) -> None:
    scene = Scene(programme)
    real, calls = DUTIES[code], []

    def dying(donor_id: UUID, withdrawal_id: UUID, by: Any) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1 and before:
            raise Killed
        proof = real.run(donor_id, withdrawal_id, by)
        if len(calls) == 1:
            raise Killed
        return proof

    monkeypatch.setitem(DUTIES, code, replace(real, run=dying))
    withdrawal = scene.leave()
    scene.holders_answer()
    scene.check_no_read()
    with pytest.raises(Killed):
        drain()
    scene.check_no_read()
    assert certificate_of(settled(withdrawal)) is None
    again()
    scene.check_no_read()
    found = settled(withdrawal)
    assert found.state == "complete", list(found.steps.values_list("duty", "state", "last_error"))
    assert certificate_of(found) is not None
    objects = StoredObject.objects.filter(donor_id=scene.leaver.pk)
    assert not any(store().exists(zone, thing.key) for thing in objects for zone in Zone)


@pytest.mark.parametrize("broken", ["delete", "holds", "put"])
def test_a_store_that_answers_500_delays_the_erasure_and_opens_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    scene = Scene(programme)

    def failing(*_: object, **__: object) -> None:
        raise StoreUnreachable.while_it(broken, OSError())

    with monkeypatch.context() as patch:
        patch.setattr(type(store()), broken, failing)
        withdrawal = scene.leave()
        scene.holders_answer()
        for _ in range(3):
            again()
            scene.check_no_read()
            assert certificate_of(settled(withdrawal)) is None
    again()
    assert settled(withdrawal).state == "complete"
    scene.check_no_read()


def test_a_store_that_only_says_that_it_erased_is_not_believed(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(programme)
    with monkeypatch.context() as patch:
        patch.setattr(type(store()), "delete", lambda *_: None)
        withdrawal = scene.leave()
        scene.holders_answer()
        again()
        assert certificate_of(settled(withdrawal)) is None
        assert settled(withdrawal).steps.get(duty="registry.files").state == "failed"
    again()
    assert certificate_of(settled(withdrawal)) is not None


def test_a_holder_whose_address_is_dead_holds_nothing_up(programme: Programme, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = f"{Refusing.__module__}.{Refusing.__name__}"
    scene = Scene(programme)
    withdrawal = scene.leave()
    again()
    scene.check_no_read()
    left = settled(withdrawal).steps.exclude(state="done").values_list("duty", flat=True)
    assert set(left) == {"registry.holders"}
    HolderNotice.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    end_unanswered()
    again()
    assert settled(withdrawal).steps.get(duty="registry.holders").proof["access_ended"] == 1
    assert settled(withdrawal).state == "complete"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kinds", [("erase", "erase"), ("no_further_use", "erase"), ("nothing_new", "no_further_use")])
def test_two_withdrawals_of_one_donor_at_once_end_in_one_certificate_each(
    programme: Programme, kinds: tuple[str, str]
) -> None:
    scene = Scene(programme)
    assert "done" in at_once(*(partial(scene.leave, kind) for kind in kinds))
    if not Withdrawal.objects.filter(kind__in=["no_further_use", "erase"]).exists():
        scene.leave("no_further_use")  # SQLite told the second that it was busy
    scene.check_no_read()
    scene.holders_answer()
    again()
    again()
    scene.check_no_read()
    made = list(Withdrawal.objects.all())
    assert len({each.kind for each in made}) == len(made)
    assert all(certificate_of(each) for each in made)


@pytest.mark.django_db(transaction=True)
def test_two_donors_of_one_version_who_leave_at_once_both_get_out(programme: Programme) -> None:
    scene = Scene(programme)
    other = scene.stayer
    at_once(
        lambda: scene.leave("no_further_use"),
        lambda: consent.actions.withdraw(donor=other, kind="erase", by=make.user_of(other)),
    )
    for donor in (scene.leaver, other):
        if not Withdrawal.objects.filter(donor=donor).exists():
            consent.actions.withdraw(donor=donor, kind="erase", by=make.user_of(donor))
    assert not queries.entries_for(scene.grant).exists()
    scene.holders_answer()
    for _ in range(3):
        again()
    assert all(certificate_of(each) for each in Withdrawal.objects.all())


def test_a_list_of_files_that_a_killed_freezing_left_is_gone_before_the_certificate(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.work import freezing

    scene = Scene(programme)
    made = actions.freeze_version(dataset=make.dataset(programme), bump="minor", by=consent.steward(programme))

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(freezing, "_seal", killed)
        with pytest.raises(Killed):
            freezing.freeze(made.pk)
    draft = StoredObject.objects.filter(zone=Zone.CLEAN, donor_id=None).latest("created_at")
    assert store().exists(Zone.CLEAN, draft.key)
    withdrawal = scene.leave()
    scene.holders_answer()
    again()
    withdrawal.refresh_from_db()
    assert withdrawal.state == "complete"
    assert not store().exists(Zone.CLEAN, draft.key)
    draft.refresh_from_db()
    assert (draft.state, draft.donor_id) == ("erased", scene.leaver.pk)
    made.refresh_from_db()
    assert made.state == "frozen"


def test_a_list_of_files_that_a_withdrawal_took_is_given_to_no_version(programme: Programme) -> None:
    from registry.work import freezing
    from registry.work.loose import erase_loose

    scene = Scene(programme)
    made = actions.freeze_version(dataset=make.dataset(programme), bump="minor", by=consent.steward(programme))
    freezing._choose_entries(made)
    draft = freezing._write_manifest(made)
    erase_loose(scene.leaver.pk, by=make.CLEANER)
    assert not freezing._seal(made, draft)
    assert made.entries.exists()
    freezing.freeze(made.pk)
    made.refresh_from_db()
    assert made.state == "frozen"
    assert made.manifest
    assert open_object(made.manifest).read()


def test_bytes_that_come_after_the_erasure_do_not_stay(programme: Programme) -> None:
    """A worker that was slow writes for a donor who has left: its bytes are taken back, and nobody can open them."""
    from core.storage.work import reserve, write

    scene = Scene(programme)
    late = reserve(Zone.CLEAN, programme_id=programme.pk, donor_id=scene.leaver.pk)
    scene.leave()
    scene.holders_answer()
    again()
    with pytest.raises(Conflict):
        write(late, b"late", by=make.CLEANER)
    assert not store().exists(Zone.CLEAN, late.key)
    late.refresh_from_db()
    with pytest.raises(Missing):
        open_object(late)

"""A donor leaves: use stops in that very transaction, then files, images, versions and manifests follow, with proof."""

import json

import pytest
from django.db import transaction

from consent.models import WithdrawalStep
from core.accounts.models import Programme
from core.due.run import drain as run_due
from core.errors import Missing, NotAllowed
from core.notifications.models import Notice
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import open_object
from core.storage.zones import ObjectState, Zone
from registry import queries, work
from registry.models import DatasetVersion, DonatedFile, Donation, Image, VersionEntry
from registry.rules.leaving import Way
from registry.rules.lifecycle import DonationState, FileState, ImageState, VersionState
from registry.signals import version_closed
from tests.factories import consent
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_use_stops_in_the_transaction_of_the_withdrawal(programme: Programme) -> None:
    leaver, stayer = consent.donor(programme), consent.donor(programme)
    make.images(leaver, 2)
    make.images(stayer, 1)
    version = make.version(make.dataset(programme))
    grant = make.grant(version)
    told = []
    version_closed.connect(lambda **told_of: told.append(told_of["version_id"]), weak=False, dispatch_uid="test")
    consent.actions.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
    version_closed.disconnect(dispatch_uid="test")
    version.refresh_from_db()
    assert (version.state, version.closed_reason, told) == (VersionState.CLOSED, "withdrawal", [version.pk])
    assert Notice.objects.filter(user=grant.researcher, title__contains="closed").count() == 1
    assert not queries.entries_for(grant).filter(donor_id=leaver.pk).exists()
    with pytest.raises(NotAllowed, match="no new use"):
        queries.usable_grant(grant.researcher, grant.pk)
    assert not Image.objects.filter(donor_id=leaver.pk, state=ImageState.AVAILABLE).exists()
    assert not Donation.objects.filter(donor_id=leaver.pk).exclude(state=DonationState.WITHDRAWN).exists()


def test_everything_of_the_donor_goes_and_a_successor_comes(programme: Programme) -> None:
    leaver, stayer = consent.donor(programme), consent.donor(programme)
    gone, kept = make.images(leaver, 2), make.images(stayer, 1)
    version = make.version(make.dataset(programme))
    digest, old_manifest = version.digest, version.manifest
    withdrawal = consent.actions.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
    run_due()
    steps = {step.duty: step for step in WithdrawalStep.objects.filter(withdrawal=withdrawal)}
    assert {steps[f"registry.{name}"].state for name in ("working_sets", "versions", "files")} == {"done"}
    assert steps["registry.versions"].proof["tombstones"] == 2
    assert steps["registry.files"].proof["left"] == 0
    for thing in StoredObject.objects.filter(donor_id=leaver.pk):
        assert thing.state == ObjectState.ERASED
        assert not any(store().exists(zone, thing.key) for zone in Zone)
    with pytest.raises(Missing):
        work.read_image(VersionEntry.objects.get(version=version, image=gone[0]), way=Way.SANDBOX)
    assert set(DonatedFile.objects.filter(donation__donor=leaver).values_list("state", flat=True)) == {
        FileState.REMOVED
    }
    successor = queries.successor_of(DatasetVersion.objects.get(pk=version.pk))
    assert successor is not None
    assert (successor.number, successor.reason, successor.made_from) == ("2.0.0", "withdrawal", version)
    assert [entry.image for entry in successor.entries.all()] == kept
    assert work.read_image(successor.entries.get(), way=Way.SANDBOX)
    version.refresh_from_db()
    assert version.digest == digest, "the frozen version's fingerprint stays on record"
    assert old_manifest is not None
    old_manifest.refresh_from_db()
    assert old_manifest.state == ObjectState.ERASED
    assert version.manifest is not None
    with open_object(version.manifest) as stream:
        rows = json.loads(stream.read())["rows"]
    stones = [row for row in rows if row.get("withdrawn")]
    assert {row["sha256"] for row in stones} == {image.sha256 for image in gone}
    assert all(set(row) == {"file", "sha256", "withdrawn"} for row in stones)
    assert VersionEntry.objects.filter(donor=leaver, labels={}).count() == 2


def test_the_only_donor_leaves_and_nothing_is_left_to_freeze(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    dataset = make.dataset(programme)
    make.version(dataset)
    withdrawal = consent.actions.withdraw(donor=donor, kind="erase", by=make.user_of(donor))
    run_due()
    assert not WithdrawalStep.objects.filter(withdrawal=withdrawal, owner="registry").exclude(state="done").exists()
    assert set(dataset.versions.values_list("state", "closed_reason")) == {
        ("closed", "withdrawal"),
        ("closed", "empty"),
    }
    make.images(consent.donor(programme), 1)
    assert make.version(dataset).number == "2.1.0"


def test_each_who_leaves_is_followed_by_one_successor(programme: Programme) -> None:
    first, second, stayer = (consent.donor(programme) for _ in range(3))
    for donor in (first, second, stayer):
        make.images(donor, 1)
    dataset = make.dataset(programme)
    make.version(dataset)
    for donor in (first, second):  # the second leaves before the first one's successor is frozen
        consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    run_due()
    newest = queries.latest_version(dataset)
    assert newest is not None
    assert (newest.number, newest.donor_count) == ("2.0.0", 1)
    assert not dataset.versions.filter(state=VersionState.FREEZING).exists()


def test_duties_and_receivers_can_run_again_and_change_nothing(programme: Programme) -> None:
    donor, stayer = consent.donor(programme), consent.donor(programme)
    make.images(donor, 1)
    make.images(stayer, 1)
    version = make.version(make.dataset(programme))
    withdrawal = consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    run_due()
    before = list(DatasetVersion.objects.order_by("pk").values())
    objects = StoredObject.objects.count()
    from registry.work import duties

    for duty in (duties.stop_working_sets, duties.close_held, duties.succeed_held, duties.erase_files):
        assert duty(donor.pk, withdrawal.pk, make.CLEANER)
    assert work.stop_use(donor.pk, by=make.CLEANER) == []
    assert list(DatasetVersion.objects.order_by("pk").values()) == before
    assert StoredObject.objects.count() == objects
    assert queries.versions_holding(donor.pk).get() == version


def test_a_lost_signal_is_made_good_by_the_duties(programme: Programme) -> None:
    from registry.work import duties

    donor, stayer = consent.donor(programme), consent.donor(programme)
    make.images(donor, 1)
    make.images(stayer, 1)
    version = make.version(make.dataset(programme))
    for duty in (duties.stop_working_sets, duties.close_held, duties.succeed_held, duties.erase_files):
        duty(donor.pk, donor.pk, make.CLEANER)
    version.refresh_from_db()
    assert version.state == VersionState.CLOSED
    assert not Image.objects.filter(donor=donor).exclude(state=ImageState.ERASED).exists()


def test_a_withdrawal_that_breaks_leaves_everything_as_it_was(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    version = make.version(make.dataset(programme))

    def withdraw_and_break() -> None:
        with transaction.atomic():
            consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        withdraw_and_break()
    version.refresh_from_db()
    assert version.state == VersionState.FROZEN
    assert Image.objects.get(donor=donor).state == ImageState.AVAILABLE

"""Leavers go out of use at once, and versions follow in batches, so that comparing two of them singles out nobody."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from consent.models import Withdrawal
from core.accounts.actions import set_leaving
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.due.models import DueWork
from core.due.run import drain
from core.errors import Conflict, NotAllowed
from registry import actions, queries
from registry.actions.manifests import read_manifest
from registry.models import DatasetVersion, Image, VersionEntry
from tests.factories import consent, core
from tests.factories import registry as make


@pytest.fixture
def batched(programme: Programme) -> Programme:
    """A programme that makes versions for two leavers at least, or after ten days."""
    programme.leavers_per_version, programme.version_wait_days = 2, 10
    programme.save()
    return programme


def leave(donor: consent.Donor) -> Withdrawal:
    made = consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    drain()
    return made


def later(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes, and what waits is looked at."""
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(days=days))
    DueWork.objects.filter(done=False).update(due_at=real)
    drain()


@pytest.mark.django_db
def test_the_first_leaver_is_out_of_use_at_once_and_the_version_waits_for_the_second(batched: Programme) -> None:
    first, second, stayer = (consent.donor(batched) for _ in range(3))
    for donor in (first, second, stayer):
        make.images(donor, 1)
    dataset = make.dataset(batched)
    version = make.version(dataset)
    grant = make.grant(version)
    withdrawal = leave(first)
    assert not queries.entries_for(grant).filter(donor_id=first.pk).exists()
    assert not Image.objects.filter(donor=first).exclude(state="erased").exists()
    with pytest.raises(NotAllowed):
        queries.usable_grant(grant.researcher, grant.pk)
    assert not dataset.versions.filter(state="frozen").exists()
    step = withdrawal.steps.get(duty="registry.successors")
    assert (step.state, step.last_error) == ("due", "batch_waiting")
    assert step.deadline > withdrawal.effective_at + timedelta(days=10)
    # Neither the list of files, nor what is left of it, is shown meanwhile; nor is another version made.
    with pytest.raises(Conflict, match="can be read again"):
        read_manifest(version=DatasetVersion.objects.get(pk=version.pk), by=grant.researcher)
    client = Client()
    client.force_login(grant.researcher)
    page = client.get(f"/versions/{version.pk}/").content.decode()
    assert "shown again from" in page
    assert "Erased since" not in page
    assert "What is in it" not in page
    steward = core.user(batched, Role.STEWARD)
    assert read_manifest(version=DatasetVersion.objects.get(pk=version.pk), by=steward)
    with pytest.raises(Conflict, match="at the latest"):
        actions.freeze_version(dataset=dataset, bump="minor", by=steward)
    leave(second)
    newest = queries.latest_version(dataset)
    assert newest is not None
    assert set(newest.entries.values_list("donor_id", flat=True)) == {stayer.pk}
    DueWork.objects.filter(done=False).update(due_at=timezone.now())
    drain()
    step.refresh_from_db()
    assert step.state == "done"
    assert str(newest.pk) in step.proof["successors"]
    assert read_manifest(version=DatasetVersion.objects.get(pk=version.pk), by=grant.researcher)


@pytest.mark.django_db
def test_a_lone_leaver_waits_no_longer_than_the_latest_date(
    batched: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver, stayer = consent.donor(batched), consent.donor(batched)
    for donor in (leaver, stayer):
        make.images(donor, 1)
    dataset = make.dataset(batched)
    make.version(dataset)
    withdrawal = leave(leaver)
    with monkeypatch.context() as patch:
        later(9, patch)
        assert not dataset.versions.filter(state="frozen").exists()
        assert Withdrawal.objects.get(pk=withdrawal.pk).state == "under_way"
    with monkeypatch.context() as patch:
        later(10, patch)
        assert dataset.versions.filter(state="frozen").count() == 1
        later(10, patch)
        assert Withdrawal.objects.get(pk=withdrawal.pk).state == "complete"


@pytest.mark.django_db
def test_a_lone_joiner_waits_for_a_second_or_the_latest_date(
    batched: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.images(consent.donor(batched), 1)
    dataset, steward = make.dataset(batched), core.user(batched, Role.STEWARD)
    first = make.version(dataset)
    make.images(consent.donor(batched), 1)
    actions.freeze_version(dataset=dataset, bump="minor", by=steward)
    drain()
    assert queries.latest_version(dataset) == first
    with monkeypatch.context() as patch:
        later(10, patch)
        assert queries.latest_version(dataset) != first
    second = queries.latest_version(dataset)
    make.images(consent.donor(batched), 1)
    actions.freeze_version(dataset=dataset, bump="minor", by=steward)
    make.images(consent.donor(batched), 1)
    later(1, monkeypatch)
    third = queries.latest_version(dataset)
    assert third is not None
    assert third != second
    assert third.donor_count == 4


@pytest.mark.django_db
def test_the_list_of_files_is_not_read_while_what_was_taken_back_stands_in_it(programme: Programme) -> None:
    leaver, stayer = consent.donor(programme), consent.donor(programme)
    for donor in (leaver, stayer):
        make.images(donor, 1)
    version = make.version(make.dataset(programme))
    grant = make.grant(version)
    assert read_manifest(version=version, by=grant.researcher)
    consent.actions.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
    with pytest.raises(Conflict, match="made anew"):
        read_manifest(version=DatasetVersion.objects.get(pk=version.pk), by=grant.researcher)
    drain()
    assert b"withdrawn" in read_manifest(version=DatasetVersion.objects.get(pk=version.pk), by=grant.researcher)
    assert VersionEntry.objects.exclude(tombstoned_at=None).count() == 1


@pytest.mark.django_db
def test_the_operator_sets_what_a_programme_does(programme: Programme, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_programme", programme.slug, leavers_per_version=3, identity_kept_days=0)
    programme.refresh_from_db()
    assert (programme.leavers_per_version, programme.version_wait_days, programme.identity_kept_days) == (3, 30, 0)
    assert "version_wait_days: 30" in capsys.readouterr().out
    for wrong in ({"slug": "unknown"}, {"slug": programme.slug, "version_wait_days": 9_999}):
        with pytest.raises(CommandError):
            call_command("set_programme", wrong.pop("slug"), **wrong)
    with pytest.raises(NotAllowed):
        set_leaving(programme=programme, by=core.user(programme, Role.CURATOR), leavers_per_version=1)

"""Freezing: once, the same whoever does it and wherever it is killed, with splits that never move a donor."""

import hashlib
import json

import pytest

from consent.models import UseVerdict
from consent.rules.use import Use, digest
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.errors import Conflict, Invalid, NotAllowed
from core.storage.models import StoredObject
from core.storage.work import open_object
from core.storage.zones import ObjectState, Zone
from registry import actions, queries, work
from registry.models import DatasetVersion, VersionEntry
from registry.rules.lifecycle import VersionState
from registry.rules.split import split_of
from registry.work import freezing
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def manifest_of(version: DatasetVersion) -> bytes:
    assert version.manifest is not None
    with open_object(version.manifest) as stream:
        return stream.read()


def test_a_version_holds_what_the_rule_selects_and_one_digest(programme: Programme) -> None:
    donors = [consent.donor(programme) for _ in range(3)]
    images = [image for donor in donors for image in make.images(donor, 2)]
    make.images(consent.donor(programme), 1, modality="US")
    make.images(consent.donor(programme), 1, labels={})
    rule = {"modalities": ["CT"], "labels_required": True, "min_images_per_donor": 2}
    version = make.version(make.dataset(programme, **rule))
    assert (version.state, version.number) == (VersionState.FROZEN, "1.0.0")
    assert (version.image_count, version.donor_count) == (6, 3)
    data = manifest_of(version)
    assert hashlib.sha256(data).hexdigest() == version.digest
    manifest = json.loads(data)
    assert {row["sha256"] for row in manifest["rows"]} == {image.sha256 for image in images}
    assert len({row["donor"] for row in manifest["rows"]}) == 3
    assert not any(str(donor.pk) in data.decode() for donor in donors)
    assert [e.position for e in queries.entries_of(version)] == list(range(1, 7))
    assert all(e.split == split_of(e.donor_id) and e.path == f"files/{e.image_id}.dcm" for e in version.entries.all())
    facts = queries.version_facts(version)
    assert facts.modalities == [("CT", 6)]
    assert facts.labels == [("Lesion: yes", 6)]
    assert sum(number for _, number in facts.splits) == 3


def test_freezing_twice_or_after_a_kill_gives_one_version(programme: Programme) -> None:
    make.images(consent.donor(programme), 3)
    dataset = make.dataset(programme)
    by = core.user(programme, Role.STEWARD)
    version = actions.freeze_version(dataset=dataset, bump="minor", by=by)
    assert freezing._choose_entries(version)  # killed after the entries
    order = list(version.entries.values_list("image_id", flat=True))
    lost = freezing._write_manifest(version)  # killed after the manifest
    work.freeze(version.pk)
    work.freeze(version.pk)
    version.refresh_from_db()
    assert version.state == VersionState.FROZEN
    assert list(version.entries.values_list("image_id", flat=True)) == order
    assert version.digest == lost.sha256, "the same rows give the same bytes, whoever writes them"
    lost.refresh_from_db()
    StoredObject.objects.update(created_at="2020-01-01T00:00Z")
    work.reap_broken_off()
    lost.refresh_from_db()
    assert lost.state == ObjectState.ERASED
    assert manifest_of(version)


def test_two_workers_at_once_freeze_once(programme: Programme) -> None:
    make.images(consent.donor(programme), 2)
    version = actions.freeze_version(dataset=make.dataset(programme), bump="minor", by=consent.steward(programme))
    slow = DatasetVersion.objects.select_related("dataset").get(pk=version.pk)
    freezing._choose_entries(slow)
    manifest = freezing._write_manifest(slow)
    work.freeze(version.pk)
    assert not freezing._seal(slow, manifest)
    version.refresh_from_db()
    assert version.manifest != manifest
    assert version.entries.count() == 2


def test_a_donor_who_leaves_while_it_is_frozen_is_not_in_it(programme: Programme) -> None:
    leaver, stayer = consent.donor(programme), consent.donor(programme)
    make.images(leaver, 2)
    make.images(stayer, 2)
    version = actions.freeze_version(dataset=make.dataset(programme), bump="minor", by=consent.steward(programme))
    freezing._choose_entries(version)
    manifest = freezing._write_manifest(version)
    consent.actions.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
    assert not freezing._seal(DatasetVersion.objects.get(pk=version.pk), manifest)
    work.freeze(version.pk)
    version.refresh_from_db()
    assert version.state == VersionState.FROZEN
    assert set(version.entries.values_list("donor_id", flat=True)) == {stayer.pk}


def test_numbers_go_up_and_nothing_is_frozen_twice(programme: Programme, drain: object) -> None:
    dataset, by = make.dataset(programme), consent.steward(programme)
    with pytest.raises(Conflict, match="selects no images"):
        actions.freeze_version(dataset=dataset, bump="minor", by=by)
    donor = consent.donor(programme)
    make.images(donor, 1)
    first = actions.freeze_version(dataset=dataset, bump="minor", by=by)
    with pytest.raises(Conflict, match="being frozen"):
        actions.freeze_version(dataset=dataset, bump="minor", by=by)
    assert callable(drain)
    drain()
    first.refresh_from_db()
    assert first.state == VersionState.FROZEN
    with pytest.raises(Conflict, match="Nothing has changed"):
        actions.freeze_version(dataset=dataset, bump="minor", by=by)
    make.images(donor, 1)
    second = make.version(dataset)
    assert (second.number, second.reason, second.made_from) == ("1.1.0", "new_images", first)
    make.images(donor, 1)
    with pytest.raises(Invalid, match="major, minor or patch"):
        actions.freeze_version(dataset=dataset, bump="huge", by=by)
    assert queries.latest_version(dataset) == second


def test_splits_are_stable_when_images_are_added(programme: Programme) -> None:
    donors = [consent.donor(programme) for _ in range(6)]
    for donor in donors:
        make.images(donor, 1)
    dataset = make.dataset(programme)
    before = dict(make.version(dataset).entries.values_list("donor_id", "split"))
    make.images(consent.donor(programme), 1)
    make.images(donors[0], 2)
    after = VersionEntry.objects.filter(version=make.version(dataset))
    assert before.items() <= dict(after.values_list("donor_id", "split")).items()
    assert not after.filter(donor=donors[0]).exclude(split=before[donors[0].pk]).exists()


def test_only_a_steward_makes_and_freezes(programme: Programme, other_programme: Programme) -> None:
    make.images(consent.donor(programme), 1)
    dataset = make.dataset(programme)
    for by in (core.user(programme, Role.RESEARCHER), consent.steward(other_programme)):
        with pytest.raises(NotAllowed):
            actions.freeze_version(dataset=dataset, bump="minor", by=by)
        with pytest.raises(NotAllowed):
            actions.create_dataset(programme=programme, slug="x", title="X", summary="", rule={}, by=by)
    assert not queries.catalogue(consent.steward(other_programme)).exists()
    with pytest.raises(Conflict):
        actions.create_dataset(
            programme=programme, slug=dataset.slug, title="X", summary="", rule={}, by=consent.steward(programme)
        )


def test_a_rule_may_name_a_use(programme: Programme) -> None:
    allows, declines = consent.donor(programme), consent.donor(programme, train_models=False)
    make.images(allows, 1)
    make.images(declines, 1)
    everyone = make.version(make.dataset(programme))
    use = {"hmb": True, "train_model": True, "org": "nonprofit", "commercial": False, "commercial_model": False}
    narrowed = make.version(make.dataset(programme, use={**use, "share_weights": False, "countries": ["GB"]}))
    assert everyone.donor_count == 2
    assert set(narrowed.entries.values_list("donor_id", flat=True)) == {allows.pk}


def test_the_manifest_lies_in_the_clean_zone_and_belongs_to_no_donor(programme: Programme) -> None:
    make.images(consent.donor(programme), 1)
    version = make.version(make.dataset(programme))
    assert version.manifest is not None
    assert (version.manifest.zone, version.manifest.donor_id) == (Zone.CLEAN, None)


def test_a_version_for_a_stated_use_keeps_what_the_rules_said(programme: Programme) -> None:
    permits, declines = consent.donor(programme), consent.donor(programme, train_models=False)
    for donor in (permits, declines):
        make.images(donor, 1)
    use = Use(hmb=True, methods=True, train_model=True, share_weights=False, commercial=False, commercial_model=False)
    version = make.version(make.dataset(programme, use=use.to_dict()))
    assert {entry.donor_id for entry in queries.entries_of(version)} == {permits.pk}
    kept = UseVerdict.objects.filter(use_digest=digest(use)).values_list("outcome", flat=True)
    assert len(kept) == 2
    assert "DENY" in {outcome.upper() for outcome in kept}

"""A report of a possible identity: what stops in its own transaction, who is told, and what each decision leads to."""

from typing import Any

import pytest

from core.accounts.models import Programme
from core.accounts.roles import Role
from core.actors import SystemActor
from core.audit.models import Event
from core.due.run import drain
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.models import Notice
from core.storage import work as storage
from core.storage.zones import ObjectState
from registry import actions, queries, work
from registry.models import DatasetVersion, HolderNotice, IdentityReport, VersionEntry
from registry.rules.recall import Where, where_of
from registry.signals import version_closed
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.reported import World, told

pytestmark = pytest.mark.django_db
PASSER_BY = SystemActor("passer_by")


@pytest.fixture
def world(programme: Programme) -> World:
    return World(programme)


def test_in_the_reports_own_transaction_all_use_stops(world: World) -> None:
    closed: list[Any] = []
    version_closed.connect(lambda **of: closed.append((of["version_id"], of["reason"])), weak=False, dispatch_uid="t")
    report = world.report()
    version_closed.disconnect(dispatch_uid="t")
    world.version.refresh_from_db()
    assert world.states() == ["recalled", "recalled"]  # the whole series
    assert (world.version.state, world.version.closed_reason) == ("closed", "recall")
    assert closed == [(world.version.pk, "recall")]
    assert set(queries.entries_for(world.grant).values_list("donor_id", flat=True)) == {world.other.pk}
    with pytest.raises(NotAllowed, match="no new use"):
        queries.usable_grant(world.grant.researcher, world.grant.pk)
    notice = HolderNotice.objects.get(report=report)
    assert (notice.grant_id, notice.attested_at) == (world.grant.pk, None)
    assert notice.deadline is not None
    assert any("Stop using" in title for title in told(world.grant.researcher))
    assert any("recognised" in title for title in told(world.steward))
    assert any("recognised" in title for title in told(world.curator))
    assert [line.kind for line in queries.waiting(world.steward)] == ["report"]
    assert "recall" in [line.kind for line in queries.waiting(world.grant.researcher)]
    assert not VersionEntry.objects.exclude(tombstoned_at=None).exists()  # nothing is buried before a decision


@pytest.mark.parametrize("by", ["uid", "sha256", "path"])
def test_each_exact_name_stops_the_image(world: World, by: str) -> None:
    image = world.images[0]
    entry = VersionEntry.objects.get(version=world.version, image=image)
    text = {"uid": image.sop_uid, "sha256": image.sha256.upper(), "path": entry.path}[by]
    world.report(where=where_of(text, world.version.pk))
    assert world.states() == ["recalled", "recalled"]


def test_one_image_alone_can_be_reported_and_the_rest_of_its_series_stays(world: World) -> None:
    world.report(scope="image")
    assert sorted(world.states()) == ["available", "recalled"]


def test_whoever_has_no_account_counts_where_they_name_an_image_exactly(world: World) -> None:
    vague = world.report(by=PASSER_BY, where=Where())
    assert world.states() == ["available", "available"]
    assert not vague.images.exists()
    world.report(by=PASSER_BY, where=where_of(world.images[1].sop_uid))
    assert world.states() == ["recalled", "recalled"]


@pytest.mark.parametrize("text", ["not-a-digest", "files/x.dcm", "ab" * 31, "1" * 70, "../../etc", "\0"])
def test_what_is_no_name_of_a_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        where_of(text)


def test_a_near_miss_stops_nothing(world: World) -> None:
    for where in (Where(uid=world.images[0].sop_uid[:-1]), Where(sha256="0" * 64), Where(uid="2.25.7001")):
        world.report(where=where)
    assert world.states() == ["available", "available"]
    with pytest.raises(Invalid, match="no file of this name"):
        world.report(where=Where(path=f"files/{world.images[0].pk}.dcm", version_id=world.images[0].pk))


def test_posted_twice_it_is_one_report_and_two_people_make_two(world: World) -> None:
    first, again, other = world.report(), world.report(), world.report(by=world.curator)
    assert first.pk == again.pk
    assert other.pk != first.pk
    assert HolderNotice.objects.count() == 2


def test_the_image_of_another_programme_makes_a_report_there(world: World, other_programme: Programme) -> None:
    report = actions.report_identity(
        programme=other_programme,
        where=Where(sha256=world.images[0].sha256),
        seen="face",
        description="",
        by=PASSER_BY,
    )
    assert report.programme_id == world.programme.pk
    assert world.states() == ["recalled", "recalled"]


def test_a_version_that_is_being_frozen_is_chosen_anew_without_the_images(world: World) -> None:
    make.images(world.other, 1)
    fresh = actions.freeze_version(dataset=world.dataset, bump="minor", by=world.steward)
    assert work.freezing._choose_entries(fresh)
    world.report()
    drain()
    fresh.refresh_from_db()
    assert fresh.state == "frozen"
    assert not fresh.entries.filter(donor=world.donor).exists()


def test_a_version_that_was_sealed_at_the_same_moment_is_closed_by_the_work_that_follows(world: World) -> None:
    report = world.report()
    DatasetVersion.objects.filter(pk=world.version.pk).update(state="frozen", closed_reason="", closed_at=None)
    assert queries.recall.reports_to_follow() == [report.pk]
    work.follow(report.pk)
    world.version.refresh_from_db()
    assert world.version.closed_reason == "recall"
    assert queries.recall.reports_to_follow() == []


def test_dismissed_the_images_are_free_and_a_successor_comes(world: World) -> None:
    report = world.report()
    actions.dismiss_report(report=report, reason="nobody", by=world.steward)
    drain()
    assert world.states() == ["available", "available"]
    newest = queries.latest_version(world.dataset)
    assert newest is not None
    assert (newest.number, newest.reason, newest.image_count) == ("1.0.1", "recall", 3)
    assert any("unfounded" in title for title in told(world.grant.researcher))
    assert not queries.notices_to_answer(world.grant.researcher).exists()
    assert (report.state, report.description) == ("dismissed", "")
    assert [line.kind for line in queries.waiting(world.steward)] == []


def test_confirmed_the_series_is_gone_everywhere_and_a_successor_comes_without_it(world: World) -> None:
    report = world.report(scope="image")
    objects = [image.stored for image in world.images]
    actions.confirm_report(report=report, reason="writing", by=world.steward)
    drain()
    assert world.states() == ["erased", "erased"]  # the whole series, though one image was named
    for thing in objects:
        thing.refresh_from_db()
        assert thing.state == ObjectState.ERASED
        with pytest.raises(Missing):
            storage.read(thing)
    assert VersionEntry.objects.filter(version=world.version).exclude(tombstoned_at=None).count() == 2
    world.version.refresh_from_db()
    manifest = storage.read(world.version.manifest).decode()
    assert manifest.count('"withdrawn":true') == 2
    newest = queries.latest_version(world.dataset)
    assert newest is not None
    assert (newest.number, newest.reason, newest.image_count) == ("2.0.0", "recall", 1)
    assert queries.recall.reports_to_follow() == []


def test_what_two_reports_stop_is_free_only_once_both_are_dismissed(world: World) -> None:
    first, second = world.report(), world.report(by=world.curator)
    actions.dismiss_report(report=first, reason="nobody", by=world.steward)
    assert world.states() == ["recalled", "recalled"]
    actions.dismiss_report(report=second, reason="nobody", by=world.steward)
    assert world.states() == ["available", "available"]


def test_of_two_decisions_the_first_counts_and_posting_it_twice_changes_nothing(world: World) -> None:
    report = world.report()
    stale = IdentityReport.objects.get(pk=report.pk)
    actions.confirm_report(report=report, reason="face", by=world.steward)
    before = Event.objects.count()
    actions.confirm_report(report=report, reason="face", by=world.steward)
    assert Event.objects.count() == before
    with pytest.raises(Conflict, match="decided already"):
        actions.dismiss_report(report=stale, reason="nobody", by=core.user(world.programme, Role.STEWARD))
    with pytest.raises(Conflict):
        actions.point_report(report=stale, where=Where(uid=world.kept[0].sop_uid), by=world.steward)


def test_a_steward_points_at_the_image_that_a_vague_report_means(world: World) -> None:
    report = world.report(by=PASSER_BY, where=Where())
    with pytest.raises(Invalid, match="No image"):
        actions.point_report(report=report, where=Where(uid="1.2.3"), by=world.steward)
    assert actions.point_report(report=report, where=Where(uid=world.images[0].sop_uid), by=world.steward) == 2
    assert world.states() == ["recalled", "recalled"]


def test_only_a_steward_of_the_programme_decides(world: World, other_programme: Programme) -> None:
    others = [core.user(world.programme, role) for role in Role if role != Role.STEWARD]
    report = world.report()
    for who in [*others, core.user(), core.user(other_programme, Role.STEWARD)]:
        for decide, reason in ((actions.confirm_report, "face"), (actions.dismiss_report, "nobody")):
            with pytest.raises(NotAllowed):
                decide(report=report, reason=reason, by=who)
        with pytest.raises(NotAllowed):
            actions.point_report(report=report, where=Where(uid=world.kept[0].sop_uid), by=who)
    assert world.states() == ["recalled", "recalled"]


def test_a_donor_who_withdraws_meanwhile_stays_withdrawn_whatever_is_decided(world: World) -> None:
    report = world.report()
    consent.actions.withdraw(donor=world.donor, kind="no_further_use", by=make.user_of(world.donor))
    drain()
    assert world.states() == ["erased", "erased"]
    report.refresh_from_db()
    assert report.description == ""
    actions.dismiss_report(report=report, reason="nobody", by=world.steward)
    drain()
    assert world.states() == ["erased", "erased"]


def test_a_second_copy_of_a_recalled_image_is_not_taken(world: World) -> None:
    world.report()
    with pytest.raises(Conflict, match="reported this series"):
        make.images(world.donor, 1, series_uid="2.25.7001")
    again = make.images(world.donor, 1, sop_uid=world.images[0].sop_uid)
    assert again == []


def test_nothing_personal_stands_in_the_trail_or_in_notices(world: World) -> None:
    report = world.report(description="It says Ethel Example, born 1 May 1950.")
    actions.dismiss_report(report=report, reason="nobody", by=world.steward)
    drain()
    texts = [*Event.objects.values_list("data", flat=True), *Notice.objects.values_list("body", flat=True)]
    # A year alone is now and then four digits of an id.
    assert not [text for text in texts for told in ("Ethel", "May 1950", "1950-05", "19500501") if told in text]
    verbs = set(Event.objects.filter(subject_id=report.pk).values_list("verb", flat=True))
    assert verbs == {"report.opened", "registry.identityreport.dismissed"}

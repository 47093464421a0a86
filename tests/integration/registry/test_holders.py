"""Whoever holds a copy of reported images answers in time, or uses nothing of the programme until they do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Missing, NotAllowed
from registry import actions, queries, work
from registry.models import Grant, HolderNotice
from registry.queries.story import _usable_grants
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.reported import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(programme: Programme) -> World:
    return World(programme)


def test_only_the_holder_answers_and_once(world: World) -> None:
    notice = HolderNotice.objects.get(report=world.report())
    with pytest.raises(Missing):
        actions.attest(notice=notice, by=world.steward)
    actions.attest(notice=notice, by=world.grant.researcher)
    at = notice.attested_at
    actions.attest(notice=notice, by=world.grant.researcher)
    assert notice.attested_at == at
    assert Event.objects.filter(verb="report.attested").count() == 1


def test_a_holder_who_does_not_answer_loses_access_and_one_who_does_keeps_it(world: World) -> None:
    quiet, good = world.grant, make.grant(world.version)
    report = world.report()
    actions.attest(notice=HolderNotice.objects.get(report=report, grant=good), by=good.researcher)
    assert work.end_unanswered() == 0
    HolderNotice.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    assert work.end_unanswered() == 1
    assert work.end_unanswered() == 0
    states = dict(Grant.objects.values_list("pk", "state"))
    assert (states[quiet.pk], states[good.pk]) == ("revoked", "active")


def test_who_owes_an_answer_uses_nothing_in_the_programme_until_it_is_given(
    world: World, other_programme: Programme
) -> None:
    """Not the version alone that was closed: another dataset too; other programmes and other people go on."""
    holder = world.grant.researcher
    report = world.report()
    donor, far = consent.donor(world.programme), consent.donor(other_programme)
    for each in (donor, far):
        make.images(each, 1)
    version = make.version(make.dataset(world.programme))
    other, others = make.grant(version, holder), make.grant(version)
    Membership.objects.create(user=holder, programme=other_programme, role=Role.RESEARCHER, granted_by="test")
    elsewhere = make.grant(make.version(make.dataset(other_programme)), holder)
    notice = HolderNotice.objects.get(report=report, grant=world.grant)
    client = Client()
    client.force_login(holder)

    def usable() -> set[bool]:
        """List, object, page and the donor's own page agree."""
        try:
            is_usable = queries.usable_grant(holder, other.pk) == other
        except NotAllowed:
            is_usable = False
        page = client.get(f"/grants/{other.pk}/").content.decode()
        return {
            is_usable,
            queries.entries_for(other).exists(),
            queries.may_read_manifest(holder, version),
            "Your access in this programme rests" not in page,
            _usable_grants().filter(pk=other.pk).exists(),
        }

    assert usable() == {True}
    HolderNotice.objects.filter(pk=notice.pk).update(deadline=timezone.now() - timedelta(minutes=1))
    assert usable() == {False}, "before the clock has come by, too"
    work.end_unanswered()
    assert usable() == {False}
    assert queries.usable_grant(others.researcher, others.pk)
    assert queries.usable_grant(holder, elsewhere.pk)
    actions.attest(notice=notice, by=holder)
    assert usable() == {True}
    world.grant.refresh_from_db()
    assert world.grant.state == "revoked"


def test_an_offer_that_nobody_signed_needs_no_answer(world: World) -> None:
    offered = make.grant(make.version(make.dataset(world.programme)), signed=False)
    notice = HolderNotice.objects.get(report=world.report(), grant=offered)
    assert notice.deadline is None
    assert not queries.notices_to_answer(offered.researcher).exists()

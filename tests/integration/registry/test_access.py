"""From a purpose to a grant: counts that follow consent, two members who decide, a signature, and when it ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Donor, UseVerdict
from consent.rules.edition import RULES_VERSION
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.models import Notice
from registry import actions, queries, work
from registry.actions.grants import agreement_of
from registry.models import AccessRequest, DatasetVersion, Grant, Vote
from registry.rules.lifecycle import GrantState, RequestState
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(programme: Programme) -> DatasetVersion:
    """Three donors: one allows everything, one no commercial use, one no training of models."""
    for declined in ({}, {"commercial_use": False}, {"train_models": False}):
        make.images(consent.donor(programme, **declined), 1)
    return make.version(make.dataset(programme))


def test_a_university_and_a_company_see_different_counts(version: DatasetVersion) -> None:
    university = make.request(version)
    company = make.request(version, org="forprofit", commercial=True)
    reading = make.request(version, train_model=False)
    assert [(r.permitted_donors, r.total_donors) for r in (university, company, reading)] == [(2, 3), (1, 3), (3, 3)]
    assert queries.exclusions(version, queries.use_in(company)).total() == 2


def test_two_members_approve_and_the_researcher_signs(version: DatasetVersion, programme: Programme) -> None:
    request = make.request(version)
    researcher = request.researcher
    first, second, third = (core.user(programme, Role.COMMITTEE) for _ in range(3))
    assert [line.kind for line in queries.waiting(first)] == ["request"]
    actions.cast_vote(request=request, approves=True, reason="Good", by=first)
    assert queries.waiting(first) == []
    with pytest.raises(Conflict, match="voted"):
        actions.cast_vote(request=request, approves=False, reason="Changed my mind", by=first)
    actions.cast_vote(request=request, approves=True, reason="Good", by=second)
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED
    with pytest.raises(Conflict, match="decided"):
        actions.cast_vote(request=request, approves=False, reason="Late", by=third)
    grant = Grant.objects.get(request=request)
    assert (grant.researcher, grant.version, grant.use_digest) == (researcher, version, request.use_digest)
    with pytest.raises(NotAllowed, match="not signed"):
        queries.usable_grant(researcher, grant.pk)
    with pytest.raises(Invalid, match="full name"):
        actions.sign_agreement(grant=grant, typed_name="Someone Else", by=researcher)
    text = agreement_of(grant)
    assert request.aim in text
    assert version.digest in text
    actions.sign_agreement(grant=grant, typed_name=" rosa  researcher ", by=researcher)
    actions.sign_agreement(grant=grant, typed_name="Rosa Researcher", by=researcher)
    usable = queries.usable_grant(researcher, grant.pk)
    assert usable.state == GrantState.ACTIVE
    assert (usable.agreement_sha256, agreement_of(usable)) == (sha256_hex(text), text)
    assert queries.entries_for(usable).count() == 2
    assert Notice.objects.filter(user=researcher, title__contains="approved").count() == 1


def test_what_few_donors_ask_for_is_in_the_agreement_alone(version: DatasetVersion, programme: Programme) -> None:
    asked = {"permission": "GRU", "modifiers": [{"code": "IRB"}]}
    elsewhere = {"permission": "POA", "modifiers": [{"code": "COL"}]}
    held = Donor.objects.filter(pk__in=version.entries.values("donor_id")).order_by("id")
    for donor, option in zip(held, (asked, elsewhere), strict=False):
        consent.says(donor, option)
    request = make.request(version)
    page = Client()
    page.force_login(core.user(programme, Role.COMMITTEE))
    shown = page.get(f"/requests/{request.pk}/").content.decode()
    assert "Ethics approval" not in shown
    text = make.grant(version).agreement_text
    assert "1. Ethics approval must be held before the data are used. What shows it: the approval" in text
    assert "people who collected the data" not in shown + text, "who does not permit the use asks nothing for it"


def test_two_rejections_reject(version: DatasetVersion, programme: Programme) -> None:
    request = make.request(version)
    for approves in (True, False, False):
        actions.cast_vote(request=request, approves=approves, reason="R", by=core.user(programme, Role.COMMITTEE))
    request.refresh_from_db()
    assert request.state == RequestState.REJECTED
    assert not Grant.objects.exists()


def test_nobody_decides_on_their_own_request_nor_from_outside(
    version: DatasetVersion, programme: Programme, other_programme: Programme
) -> None:
    both = core.user(programme, Role.RESEARCHER, Role.COMMITTEE)
    request = make.request(version, both)
    with pytest.raises(NotAllowed, match="your own request"):
        actions.cast_vote(request=request, approves=True, reason="Mine", by=both)
    outsider = core.user(other_programme, Role.COMMITTEE)
    with pytest.raises(NotAllowed):
        actions.cast_vote(request=request, approves=True, reason="R", by=outsider)
    with pytest.raises(Invalid, match="missing"):
        actions.cast_vote(request=request, approves=True, reason=" ", by=core.user(programme, Role.COMMITTEE))
    assert not Vote.objects.exists()
    assert not queries.requests_visible(outsider).exists()
    assert not queries.requests_to_decide(both).exists()
    assert queries.waiting(outsider) == []


def test_what_is_posted_twice_counts_once(version: DatasetVersion) -> None:
    request = make.request(version, submitted=False)
    again = actions.draft_request(
        version=version,
        title=request.title,
        aim=request.aim,
        institution=request.institution,
        answers=make.ANSWERS,
        by=request.researcher,
    )
    assert again == request
    actions.submit_request(request=request, by=request.researcher)
    actions.submit_request(request=request, by=request.researcher)
    assert AccessRequest.objects.count() == 1
    with pytest.raises(Missing):
        actions.submit_request(request=request, by=core.user())
    actions.take_back(request=request, by=request.researcher)
    actions.take_back(request=request, by=request.researcher)
    assert not queries.requests_to_decide(core.user(version.dataset.programme, Role.COMMITTEE)).exists()


def test_a_use_that_nobody_permits_is_not_sent(programme: Programme) -> None:
    make.images(consent.donor(programme, train_models=False), 1)
    version = make.version(make.dataset(programme))
    with pytest.raises(Conflict, match="No donor's consent"):
        make.request(version)


@pytest.mark.parametrize(
    "answers", [{"countries": ["Atlantis"]}, {"diseases": ["cancer"], "area": "diseases"}, {"org": "x"}]
)
def test_an_unknown_answer_gets_a_sentence(version: DatasetVersion, answers: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        make.request(version, **answers)


def test_a_grant_ends_by_time_by_hand_and_is_nobody_elses(version: DatasetVersion, programme: Programme) -> None:
    timely, revoked = make.grant(version), make.grant(version)
    with pytest.raises(Missing):
        queries.usable_grant(revoked.researcher, timely.pk)
    Grant.objects.filter(pk=timely.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="time is over"):
        queries.usable_grant(timely.researcher, timely.pk)
    assert work.expire_grants() == 1
    assert work.expire_grants() == 0
    with pytest.raises(NotAllowed, match="time is over"):
        queries.usable_grant(timely.researcher, timely.pk)
    with pytest.raises(NotAllowed):
        actions.revoke_grant(grant=revoked, reason="safety", by=revoked.researcher)
    actions.revoke_grant(grant=revoked, reason="safety", by=consent.steward(programme))
    actions.revoke_grant(grant=revoked, reason="safety", by=consent.steward(programme))
    with pytest.raises(NotAllowed, match="ended by the registry"):
        queries.usable_grant(revoked.researcher, revoked.pk)


def test_what_a_grant_reaches_follows_a_changed_mind(version: DatasetVersion, programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    newer = make.version(version.dataset)
    grant = make.grant(newer)
    assert queries.entries_for(grant).filter(donor_id=donor.pk).count() == 2
    consent.actions.change_choices(
        donor=donor,
        choices=consent.choices(train_models=False, share_weights=False),
        typed_name=f"{donor.person.given_name} {donor.person.family_name}",
        by=make.user_of(donor),
    )
    assert not queries.entries_for(grant).filter(donor_id=donor.pk).exists()
    assert queries.usable_grant(grant.researcher, grant.pk)


def test_each_decision_keeps_what_the_rules_said_in_their_version(
    version: DatasetVersion, programme: Programme
) -> None:
    request = make.request(version)
    asked = UseVerdict.objects.filter(use_digest=request.use_digest)
    terms = asked.count()
    assert terms > 0
    asked.delete()
    for _ in range(2):
        actions.cast_vote(request=request, approves=True, reason="Good", by=core.user(programme, Role.COMMITTEE))
    assert asked.count() == terms
    assert {row.rules_version for row in asked} == {RULES_VERSION}

"""What consents leave to a person: listed for the committee, decided for one request, and asked wherever it is used."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from consent import queries as consented
from consent.models import CurrentConsent, Donor, Tally, UseVerdict
from consent.rules.verdicts import Outcome
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Invalid, NotAllowed
from registry import actions, queries, work
from registry.models import AccessRequest, DatasetVersion, Grant, MatterDecision
from registry.queries.access import reach_of
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from tests.integration.consent.browsing import signed_in
from training_jobs.actions import submit_job
from training_jobs.models import JobInput
from training_jobs.work import choosing
from training_jobs.work.access import why_stop

pytestmark = pytest.mark.django_db
SENSITIVE = "SENSITIVE:paediatric"


def chosen(donor: Donor, permission: str, *modifiers: dict[str, Any]) -> None:
    """From now on the donor's consent says this."""
    consent.says(donor, {"permission": permission, "modifiers": list(modifiers)})


def counted(version: DatasetVersion) -> DatasetVersion:
    """As it is after the next day's count."""
    Tally.objects.all().delete()
    work.count_donors(version.pk)
    return version


@pytest.fixture
def donors(programme: Programme) -> list[Donor]:
    """One allows research, one with a limit in words, one allows no training of models."""
    found = [consent.donor(programme) for _ in range(3)]
    for donor, modifiers in zip(found, ([], [{"code": "RS", "value": "no pets"}], [{"code": "NTRAIN"}]), strict=True):
        make.images(donor, 1)
        chosen(donor, "GRU", *modifiers)
    return found


@pytest.fixture
def version(programme: Programme, donors: list[Donor]) -> DatasetVersion:
    return make.version(make.dataset(programme))


def vote(request: AccessRequest, *covers: str, approves: bool = True) -> None:
    member = core.user(request.programme, Role.COMMITTEE)
    actions.cast_vote(request=request, approves=approves, reason="R", by=member, covers=covers)


def reached(grant: Grant) -> set[Any]:
    """Whom it reaches, by the list and by the object; they must agree."""
    listed = set(queries.entries_for(grant).values_list("donor_id", flat=True))
    assert listed == {donor.pk for donor in Donor.objects.all() if reach_of(donor.pk)(grant)}
    return listed


def keys_of(request: AccessRequest) -> list[str]:
    return [matter.key for matter in queries.matters_of(request)]


def signed(request: AccessRequest) -> Grant:
    grant = Grant.objects.get(request=request)
    actions.sign_agreement(grant=grant, typed_name=str(grant.researcher), by=grant.researcher)
    return grant


def test_what_two_members_find_covered_reaches_further_and_nothing_that_is_forbidden(
    version: DatasetVersion, donors: list[Donor]
) -> None:
    request = make.request(version, sensitive=["paediatric"])
    assert (request.permitted_donors, request.total_donors) == (0, 3)
    words, sensitive = keys_of(request)
    assert (words.partition(":")[0], sensitive) == ("RS", SENSITIVE)
    vote(request, sensitive, words)
    vote(request, sensitive)
    grant = signed(request)
    assert reached(grant) == {donors[0].pk}, "the words were found covered by one member only"
    assert queries.donor_counts(version, queries.asked_in(request)) == (1, 3)
    assert dict(MatterDecision.objects.values_list("matter", "covered")) == {words: False, sensitive: True}
    assert "Not covered: The consent has research specific restrictions" in grant.agreement_text
    assert "Covered: The use is about children only, so a person must decide." in grant.agreement_text
    told = Event.objects.get(verb="request.matters_decided")
    assert (told.subject_id, SENSITIVE in told.data) == (request.pk, True)
    chosen(donors[0], "GRU", {"code": "NTRAIN"})
    assert reached(grant) == set(), "what was decided softens nothing that a donor forbids"
    again = make.request(counted(version), sensitive=["paediatric"])
    assert not queries.asked_in(again).covered, "it holds for the one request alone"


def test_no_decision_is_no(version: DatasetVersion, donors: list[Donor]) -> None:
    request = make.request(version)
    (words,) = keys_of(request)
    vote(request)
    vote(request, words)
    assert reached(signed(request)) == {donors[0].pk}
    assert MatterDecision.objects.get().covered is False


def test_a_covered_matter_follows_the_use_into_jobs_and_out_again(version: DatasetVersion, donors: list[Donor]) -> None:
    request = make.request(version)
    (words,) = keys_of(request)
    for _ in range(2):
        vote(request, words)
    grant = signed(request)
    assert reached(grant) == {donors[0].pk, donors[1].pk}
    parameters = {**make_jobs.FAST, "seed": 1}
    job = submit_job(
        grant=grant, template="image_classifier", parameters=parameters, title="Spots", by=grant.researcher
    )
    choosing.choose(job, grant, by=core.SETUP)
    assert set(JobInput.objects.values_list("donor_id", flat=True)) == {donors[0].pk, donors[1].pk}
    assert why_stop(job) == ""
    kept = UseVerdict.objects.get(terms=CurrentConsent.objects.get(donor=donors[1]).terms, outcome=Outcome.PERMIT)
    assert kept.use_digest == grant.use_digest != kept.question_digest, "what was answered is kept as it was asked"
    chosen(donors[1], "GRU", {"code": "RS", "value": "no animals"})
    assert reached(grant) == {donors[0].pk}, "other words are another matter, which nobody has read"
    assert why_stop(job) == "consent"
    assert not choosing.still_the_same(job, grant)
    assert not consented.verdict_for(donors[1].pk, queries.asked_in(grant)).allowed


def test_an_approval_that_reaches_nobody_is_refused_and_so_is_an_unknown_matter(
    version: DatasetVersion, programme: Programme
) -> None:
    request = make.request(version, sensitive=["paediatric"])
    with pytest.raises(Invalid, match="unless you find covered"):
        vote(request)
    with pytest.raises(Invalid, match="Choose from"):
        vote(request, SENSITIVE, "NTRAIN")
    assert not request.votes.exists()
    vote(request, approves=False)
    vote(request, SENSITIVE, approves=False)
    assert list(request.votes.values_list("covers", flat=True)) == [[], []]
    request.refresh_from_db()
    assert request.state == "rejected"
    assert not MatterDecision.objects.exists()
    for donor in Donor.objects.all():
        chosen(donor, "GRU", {"code": "NTRAIN"})
    with pytest.raises(Conflict, match="No donor's consent"):
        make.request(counted(version), sensitive=["paediatric"])
    with pytest.raises(NotAllowed):
        actions.cast_vote(request=request, approves=True, reason="R", by=core.user(programme, Role.STEWARD))


def test_an_approval_is_refused_once_nobody_permits_it_any_more(version: DatasetVersion, donors: list[Donor]) -> None:
    chosen(donors[1], "GRU", {"code": "NTRAIN"})
    request = make.request(counted(version))
    vote(request)
    chosen(donors[0], "GRU", {"code": "NTRAIN"})
    with pytest.raises(Invalid, match="access to nothing"):
        vote(request)
    assert not Grant.objects.exists()


def test_a_limit_at_the_end_of_days_is_none(version: DatasetVersion, donors: list[Donor]) -> None:
    for donor in donors:
        chosen(donor, "GRU", {"code": "TS", "value": "9999-12-31"})
    grant = make.grant(counted(version))
    assert grant.expires_at - grant.created_at > timedelta(days=364)


def test_a_decision_is_never_changed(version: DatasetVersion) -> None:
    request = make.request(version, sensitive=["paediatric"])
    for _ in range(2):
        vote(request, SENSITIVE)
    for statement in (
        "UPDATE registry_matterdecision SET covered = NOT covered",
        "DELETE FROM registry_matterdecision",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_committee_reads_what_is_left_to_it_and_ticks_it(version: DatasetVersion, programme: Programme) -> None:
    request = make.request(version, sensitive=["paediatric"])
    page = f"/requests/{request.pk}/"
    for member in (core.user(programme, Role.COMMITTEE) for _ in range(2)):
        client = signed_in(member)
        shown = client.get(page).content.decode()
        assert "What the donors leave to you" in shown
        assert "no pets" in shown
        assert "ewer than 20 of fewer than 20 donors (RS)" in shown
        refused = client.post(f"{page}vote/", {"approves": "yes", "reason": "R"}).content.decode()
        assert "unless you find covered" in refused
        client.post(f"{page}vote/", {"approves": "yes", "reason": "R", "covers": [SENSITIVE]})
    shown = signed_in(request.researcher).get(page).content.decode()
    assert "Not covered" in shown
    assert "It holds for this request alone" in shown
    assert "Sensitive matters" in shown


def test_a_time_limit_in_months_runs_from_the_grant_and_ends_it(
    version: DatasetVersion, donors: list[Donor], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(donors[0], "GRU", {"code": "TS", "value": 3})
    chosen(donors[1], "GRU", {"code": "TS", "value": 2})
    grant = make.grant(counted(version))
    assert reached(grant) == {donors[0].pk, donors[1].pk}
    days = list(consented.ends_tallied(queries.asked_in(grant), version.pk)[0])
    assert not queries.ends_of(grant), "of so few donors nothing is told"
    asked = queries.asked_in(grant)
    assert len(days) == 2
    assert grant.expires_at == datetime.combine(days[1] + timedelta(days=1), datetime.min.time(), UTC)
    for day, allowed in ((days[0], 2), (days[0] + timedelta(days=1), 1), (days[1] + timedelta(days=1), 0)):
        assert queries.donor_counts(version, asked.on(day))[0] == allowed
    chosen(donors[0], "GRU")
    year = make.grant(counted(version))
    assert year.expires_at - year.created_at > timedelta(days=364), "one donor sets no limit"

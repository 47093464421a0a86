"""What donors ask a grantee to prove: owed from the signature, decided by others; what is missing stops new use."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from consent.actions.signing import terms_row
from consent.models import CurrentConsent, Donor
from consent.rules.grammar import parse
from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.models import Notice
from registry import actions, queries, work
from registry.models import DatasetVersion, Evidence, Grant
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from training_jobs.actions import submit_job
from training_jobs.models import TrainingJob
from training_jobs.rules.lifecycle import JobState
from training_jobs.work.access import grant_of, why_stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def donor(programme: Programme) -> Donor:
    made = consent.donor(programme)
    make.images(made, 1)
    return made


@pytest.fixture
def version(programme: Programme, donor: Donor) -> DatasetVersion:
    return make.version(make.dataset(programme))


def asks(donor: Donor, *codes: str) -> None:
    """What the donor's consent asks of whoever uses it."""
    modifiers = [{"code": code} for code in codes]
    terms = terms_row(parse({"alternatives": [{"permission": "GRU", "modifiers": modifiers}]}))
    CurrentConsent.objects.filter(donor=donor).update(terms=terms)


def job(grant: Grant) -> TrainingJob:
    parameters: dict[str, Any] = {**make_jobs.FAST, "seed": 1}
    return submit_job(
        grant=grant, template="image_classifier", parameters=parameters, title="Spots", by=grant.researcher
    )


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_ethics_approval_is_accepted_before_anything_is_used(
    version: DatasetVersion, donor: Donor, programme: Programme
) -> None:
    asks(donor, "IRB", "NRI", "TS", "MOR")
    grant = make.grant(version)
    owed = grant.evidence.get()
    assert (owed.code, owed.state) == ("IRB", "owed"), "the others are shown by the signature or by the registry"
    assert "Give it to us before the first use." in grant.agreement_text
    researcher, client = grant.researcher, page_of(grant.researcher)
    with pytest.raises(NotAllowed, match="before the first use"):
        job(grant)
    assert not queries.may_read_manifest(researcher, version)
    assert "Nothing can begin yet" in client.get(f"/grants/{grant.pk}/").content.decode()
    assert [line.kind for line in queries.waiting(researcher)] == ["evidence_due"]
    page = f"/evidence/{owed.pk}/"
    assert "Fill in" in client.post(page, {"reference": ""}).content.decode() or not owed.given_at
    client.post(page, {"reference": "Approval 2026/17"})
    assert client.post(page, {"reference": "Another"}).status_code == 200
    owed.refresh_from_db()
    assert (owed.state, owed.reference) == ("given", "Approval 2026/17")
    with pytest.raises(NotAllowed, match="before the first use"):
        queries.usable_grant(researcher, grant.pk)
    member = core.user(programme, Role.COMMITTEE)
    assert "evidence" in [line.kind for line in queries.waiting(member)]
    assert "Approval 2026/17" in page_of(member).get(page).content.decode()
    page_of(member).post(page, {"accept": "yes"})
    assert queries.usable_grant(researcher, grant.pk) == grant
    assert queries.may_read_manifest(researcher, version)
    assert job(grant).pk
    assert Notice.objects.filter(user=researcher, title__contains="was accepted").count() == 1
    told = Event.objects.filter(subject_id=owed.pk)
    assert list(told.order_by("id").values_list("verb", flat=True)) == [
        "registry.evidence.given",
        "registry.evidence.accepted",
    ]
    assert "2026/17" not in "".join(told.values_list("data", flat=True))


def test_what_does_not_show_it_is_sent_back_with_time_to_give_more(
    version: DatasetVersion, donor: Donor, programme: Programme
) -> None:
    asks(donor, "COL")
    grant = make.grant(version)
    owed = grant.evidence.get()
    give = {"evidence": owed, "reference": "A letter", "by": grant.researcher}
    Evidence.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(days=1))
    actions.give_evidence(**give)
    assert not queries.why_nothing_new(grant), "given in time or not: while others look at it, nothing is stopped"
    with pytest.raises(Conflict):
        actions.give_evidence(**give)
    steward = core.user(programme, Role.STEWARD)
    page_of(steward).post(f"/evidence/{owed.pk}/", {"accept": "no", "remark": ""})
    owed.refresh_from_db()
    assert owed.state == "given", "without a word why nothing is sent back"
    actions.send_back(evidence=owed, remark="Who signed it?", by=steward)
    owed.refresh_from_db()
    assert (owed.state, owed.due_at > timezone.now() + timedelta(days=13)) == ("owed", True)
    assert "Who signed it?" in page_of(grant.researcher).get(f"/evidence/{owed.pk}/").content.decode()
    actions.give_evidence(evidence=owed, reference="The contract, number 4", by=grant.researcher)
    actions.accept_evidence(evidence=owed, by=steward)
    actions.accept_evidence(evidence=owed, by=steward)
    with pytest.raises(Conflict):
        actions.send_back(evidence=owed, remark="After all", by=steward)


def test_overdue_evidence_is_reminded_of_once_and_lets_nothing_new_begin(
    version: DatasetVersion, donor: Donor, programme: Programme
) -> None:
    asks(donor, "PUB")
    grant = make.grant(version)
    steward = core.user(programme, Role.STEWARD)
    running, approved = job(grant), job(make.grant(version, grant.researcher, train_model=True, commercial=False))
    TrainingJob.objects.filter(pk=running.pk).update(state=JobState.RUNNING)
    running.refresh_from_db()
    owed = grant.evidence.get()
    assert owed.due_at == grant.expires_at + timedelta(days=365)
    other = make.grant(version)
    for days, soon, late in ((20, 0, 0), (5, 1, 0), (5, 1, 0), (-1, 1, 1), (-1, 1, 1)):
        Evidence.objects.filter(pk=owed.pk).update(due_at=timezone.now() + timedelta(days=days))
        work.remind_of_evidence()
        mine = Notice.objects.filter(user=grant.researcher)
        assert (mine.filter(title__contains="soon").count(), mine.filter(title__contains="overdue").count()) == (
            soon,
            late,
        )
    assert Notice.objects.filter(user=steward, title__contains="overdue").count() == 1
    for each in Grant.objects.filter(researcher=grant.researcher):
        with pytest.raises(NotAllowed, match="overdue"):
            queries.usable_grant(grant.researcher, each.pk)
    with pytest.raises(NotAllowed, match="overdue"):
        grant_of(approved)
    assert why_stop(running) == "", "what runs goes on"
    assert queries.usable_grant(other.researcher, other.pk) == other
    actions.give_evidence(evidence=owed, reference="doi:10.1000/182", by=grant.researcher)
    assert queries.usable_grant(grant.researcher, grant.pk) == grant


def test_nobody_decides_on_their_own_evidence_nor_sees_what_is_not_theirs(
    version: DatasetVersion, donor: Donor, programme: Programme, other_programme: Programme
) -> None:
    asks(donor, "RTN")
    both = core.user(programme, Role.RESEARCHER, Role.COMMITTEE, name="Rosa Researcher")
    grant = make.grant(version, both)
    owed = grant.evidence.get()
    with pytest.raises(Missing):
        actions.give_evidence(evidence=owed, reference="R", by=core.user(programme, Role.RESEARCHER))
    with pytest.raises(Invalid):
        actions.give_evidence(evidence=owed, reference="x" * 2_001, by=both)
    actions.give_evidence(evidence=owed, reference="Receipt 5", by=both)
    with pytest.raises(NotAllowed, match="your own"):
        actions.accept_evidence(evidence=owed, by=both)
    assert not queries.evidence_to_decide(both).exists()
    stranger = core.user(other_programme, Role.COMMITTEE)
    with pytest.raises(NotAllowed):
        actions.accept_evidence(evidence=owed, by=stranger)
    assert page_of(stranger).get(f"/evidence/{owed.pk}/").status_code == 404
    auditor = core.user(programme, Role.AUDITOR)
    assert "Receipt 5" in page_of(auditor).get(f"/evidence/{owed.pk}/").content.decode()
    page_of(auditor).post(f"/evidence/{owed.pk}/", {"accept": "yes"})
    owed.refresh_from_db()
    assert owed.state == "given"
    for wrong in ({"state": "accepted"}, {"reference": ""}, {"given_at": None}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=owed.pk).update(**wrong)

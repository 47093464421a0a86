"""What donors ask a grantee to prove: owed from the signature, decided by others; what is missing stops new use."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.models import Donor
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Invalid, Missing, NotAllowed
from core.notifications.models import Notice
from registry import actions, queries, work
from registry.models import DatasetVersion, Evidence, Grant
from registry.queries.access import in_force
from registry.queries.story import _usable_grants
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories import training_jobs as make_jobs
from tests.integration.consent.browsing import signed_in
from training_jobs.actions import retry_lost, submit_job
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
    consent.says(donor, {"permission": "GRU", "modifiers": [{"code": code} for code in codes]})


def job(grant: Grant) -> TrainingJob:
    parameters: dict[str, Any] = {**make_jobs.FAST, "seed": 1}
    return submit_job(
        grant=grant, template="image_classifier", parameters=parameters, title="Spots", by=grant.researcher
    )


def is_usable(grant: Grant) -> bool:
    """Whether something may be begun under it: list, object and the donors' own page agree."""
    found = queries.refusal_of(grant.researcher, grant) is None
    assert in_force(Grant.objects.filter(pk=grant.pk)).exists() is found
    assert _usable_grants().filter(pk=grant.pk).exists() is found
    assert queries.may_read_manifest(grant.researcher, grant.version) is found
    return found


def test_ethics_approval_is_accepted_before_anything_is_used(
    version: DatasetVersion, donor: Donor, programme: Programme
) -> None:
    asks(donor, "IRB", "NRI", "TS", "MOR")
    grant = make.grant(version)
    owed = grant.evidence.get()
    assert (owed.code, owed.state) == ("IRB", "owed"), "the others are shown by the signature or by the registry"
    assert "Give it to us before the first use." in grant.agreement_text
    researcher, client = grant.researcher, signed_in(grant.researcher)
    with pytest.raises(NotAllowed, match="before the first use"):
        job(grant)
    assert not is_usable(grant)
    work.remind_of_evidence()
    assert not Notice.objects.filter(title__contains="overdue").exists(), "it has no day: it waits for the grantee"
    assert "Nothing can begin yet" in client.get(f"/grants/{grant.pk}/").content.decode()
    assert [line.kind for line in queries.waiting(researcher)] == ["evidence_due"]
    page = f"/evidence/{owed.pk}/"
    client.post(page, {"reference": ""})
    owed.refresh_from_db()
    assert owed.state == "owed"
    client.post(page, {"reference": "Approval 2026/17"})
    assert client.post(page, {"reference": "Another"}).status_code == 200
    owed.refresh_from_db()
    assert (owed.state, owed.reference) == ("given", "Approval 2026/17")
    with pytest.raises(NotAllowed, match="before the first use"):
        queries.usable_grant(researcher, grant.pk)
    assert not is_usable(grant)
    member = core.user(programme, Role.COMMITTEE)
    assert "evidence" in [line.kind for line in queries.waiting(member)]
    assert "Approval 2026/17" in signed_in(member).get(page).content.decode()
    signed_in(member).post(page, {"accept": "yes"})
    assert queries.usable_grant(researcher, grant.pk) == grant
    assert is_usable(grant)
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
    assert is_usable(grant), "given in time or not: while others look at it, nothing is stopped"
    with pytest.raises(Conflict):
        actions.give_evidence(**give)
    steward = core.user(programme, Role.STEWARD)
    signed_in(steward).post(f"/evidence/{owed.pk}/", {"accept": "no", "remark": ""})
    owed.refresh_from_db()
    assert owed.state == "given", "without a word why nothing is sent back"
    actions.send_back(evidence=owed, remark="Who signed it?", by=steward)
    owed.refresh_from_db()
    assert (owed.state, owed.due_at > timezone.now() + timedelta(days=13)) == ("owed", True)
    work.remind_of_evidence()
    assert not Notice.objects.filter(title__contains="soon").exists(), "they have just been told"
    assert "Who signed it?" in signed_in(grant.researcher).get(f"/evidence/{owed.pk}/").content.decode()
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
        assert not in_force(Grant.objects.filter(pk=each.pk)).exists()
    with pytest.raises(NotAllowed, match="overdue"):
        grant_of(approved)
    assert why_stop(running) == "", "what runs goes on"
    TrainingJob.objects.filter(pk=running.pk).update(state=JobState.LOST)
    running.refresh_from_db()
    with pytest.raises(Conflict, match="owes evidence"):
        retry_lost(job=running, by=core.user(programme, Role.JOB_REVIEWER))
    running.refresh_from_db()
    assert running.state == JobState.LOST, "what was interrupted begins anew only once it is given"
    assert queries.usable_grant(other.researcher, other.pk) == other
    actions.give_evidence(evidence=owed, reference="doi:10.1000/182", by=grant.researcher)
    assert queries.usable_grant(grant.researcher, grant.pk) == grant


def test_what_had_to_come_before_a_use_that_never_was_is_asked_for_no_more(
    version: DatasetVersion, donor: Donor, programme: Programme
) -> None:
    asks(donor, "IRB", "PUB")
    grant = make.grant(version)
    actions.revoke_grant(grant=grant, reason="safety", by=core.user(programme, Role.STEWARD))
    assert not queries.waiting(grant.researcher)
    Evidence.objects.update(due_at=timezone.now() - timedelta(days=1))
    (line,) = queries.waiting(grant.researcher)
    assert line.href.endswith(f"{Evidence.objects.get(code='PUB').pk}/"), "what comes after the access is owed still"


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
    assert signed_in(stranger).get(f"/evidence/{owed.pk}/").status_code == 404
    auditor = core.user(programme, Role.AUDITOR)
    assert "Receipt 5" in signed_in(auditor).get(f"/evidence/{owed.pk}/").content.decode()
    signed_in(auditor).post(f"/evidence/{owed.pk}/", {"accept": "yes"})
    owed.refresh_from_db()
    assert owed.state == "given"
    for wrong in ({"state": "accepted"}, {"reference": ""}, {"given_at": None}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=owed.pk).update(**wrong)

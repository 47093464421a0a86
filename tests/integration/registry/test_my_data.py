"""My data: where each scan is, and what it was used for; only one's own, and no more queries for more of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Donor
from core.accounts.models import Programme
from core.accounts.roles import Role
from registry import actions, queries
from registry.models import DatasetVersion, Grant
from registry.queries.access import reach_of
from tests.factories import consent, core
from tests.factories import registry as make
from tests.factories import training_jobs as jobs
from tests.integration.registry.test_pages import browser, text_of
from tests.integration.training_jobs.conftest import runs, work_until  # noqa: F401  (a fixture, and the machine)
from tests.integration.training_jobs.ended import run_ended_well
from training_jobs import actions as job_actions
from training_jobs.models import JobOutput, TrainingJob
from training_jobs.rules.lifecycle import JobState

pytestmark = pytest.mark.django_db
UNUSED = "No project uses it yet"


def world(programme: Programme, grant: Grant) -> jobs.World:
    """Those who compute under a grant."""
    reviewers = [core.user(programme, Role.JOB_REVIEWER) for _ in range(2)]
    return jobs.World(programme, grant.researcher, reviewers, grant.version, grant)


def ran(programme: Programme, grant: Grant) -> TrainingJob:
    """A job under the grant that ran to its end; its outputs are held."""
    return work_until(run_ended_well(world(programme, grant)), JobState.IN_REVIEW)


def released(job: TrainingJob, drain: Callable[[], int], *names: str) -> None:
    """Two reviewers let these outputs go."""
    for output in JobOutput.objects.filter(job=job, name__in=names):
        for _ in range(2):
            reviewer = core.user(job.programme, Role.JOB_REVIEWER)
            job_actions.decide_output(output=output, releases=True, reason="", by=reviewer)
    drain()


def page_of(donor: Donor, query: str = "") -> str:
    return text_of(browser(make.user_of(donor)).get(f"/my-data/{query}"))


def stories(donor: Donor) -> list[queries.Story]:
    return queries.stories_of(donor.pk, queries.scans_of(donor.pk))


def test_each_scan_leads_to_versions_projects_jobs_and_results(programme: Programme, drain: Callable[[], int]) -> None:
    donor, later = consent.donor(programme, share_weights=True), consent.donor(programme)
    make.images(donor, 1)
    version = make.version(make.dataset(programme))
    make.images(donor, 1)
    make.images(later, 1)
    assert UNUSED in page_of(donor)
    grant = make.grant(version)
    shown = page_of(donor)
    for words in (
        version.dataset.title,
        f"version {version.number}",
        grant.request.title,
        grant.request.aim,
        "not used your scan",
    ):
        assert words in shown, words
    assert "Last used" not in shown
    job = ran(programme, grant)
    shown = page_of(donor)
    assert "A computer learned from it" in shown
    assert job.title in shown
    assert "Last used in research" in shown
    assert "What came out" not in shown  # held: nobody has let anything go
    released(job, drain, "metrics.json", "model.json")
    shown = page_of(donor)
    for words in ("What came out:", "A trained computer model", "Numbers that say how well"):
        assert words in shown, words
    given_later, used = stories(donor)
    assert (given_later.versions, given_later.projects, given_later.last_used) == ([], [], None)
    assert used.last_used == TrainingJob.objects.get().finished_at
    assert [result.title for result in used.projects[0].runs[0].results] == [
        "Numbers that say how well the computer learned",
        "A trained computer model",
    ]
    assert UNUSED in page_of(later)
    for words in (version.dataset.title, grant.request.title, job.title):
        assert words not in page_of(later)


def test_who_left_still_sees_what_was_done_and_that_it_ended(programme: Programme, drain: Callable[[], int]) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    grant = make.grant(make.version(make.dataset(programme)))
    job = ran(programme, grant)
    released(job, drain, "model.json")
    consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    drain()
    shown = page_of(donor)
    for words in ("The images were deleted", "You withdrew from", job.title, "begins nothing new", "given out no more"):
        assert words in shown, words
    (story,) = stories(donor)
    assert [project.may_use for project in story.projects] == [False]
    assert not story.versions[0].images


def test_a_later_attempt_without_them_is_not_theirs(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    job = ran(programme, make.grant(make.version(make.dataset(programme))))
    TrainingJob.objects.filter(pk=job.pk).update(state="running")
    assert "learning from it now" in page_of(donor)
    TrainingJob.objects.filter(pk=job.pk).update(attempt=job.attempt + 1)
    shown = page_of(donor)
    assert "learning from it now" not in shown
    assert "and was stopped" in shown
    JobOutput.objects.filter(job=job).update(state="released")
    assert "What came out" not in page_of(donor)


@pytest.mark.parametrize("way", ["revoked", "expired", "closed", "narrowed"])
def test_a_project_that_may_not_go_on_and_used_nothing_is_not_shown(programme: Programme, way: str) -> None:
    donor = consent.donor(programme)
    make.images(donor)
    grant = make.grant(make.version(make.dataset(programme)))
    assert grant.request.title in page_of(donor)
    if way == "revoked":
        actions.revoke_grant(grant=grant, reason="safety", by=core.user(programme, Role.STEWARD))
    if way == "expired":
        Grant.objects.update(expires_at=timezone.now() - timedelta(days=1))
    if way == "closed":
        DatasetVersion.objects.update(state="closed")
    if way == "narrowed":
        chosen = consent.choices(train_models=False, share_weights=False)
        name = f"{donor.person.given_name} {donor.person.family_name}"
        consent.actions.change_choices(donor=donor, choices=chosen, typed_name=name, by=make.user_of(donor))
    assert grant.request.title not in page_of(donor)
    assert queries.totals_of(donor.pk).projects == 0


def test_an_offer_that_nobody_signed_is_no_use(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor)
    grant = make.grant(make.version(make.dataset(programme)), signed=False)
    assert grant.request.title not in page_of(donor)


def test_list_and_object_say_the_same_of_whom_a_grant_reaches(programme: Programme) -> None:
    """Whatever donors chose and limited, before and after the signature: one rule."""
    chosen: list[dict[str, Any]] = [{}, {"train_models": False}, {"commercial_use": False}, {"general_research": False}]
    donors = [consent.donor(programme, **answers) for answers in chosen for _ in range(3)]
    for donor in donors:
        make.images(donor, 1)
    version = make.version(make.dataset(programme))
    uses: list[dict[str, Any]] = [{}, {"commercial": True}, {"train_model": False}, {"share_weights": True}]
    grants = [make.grant(version, **use) for use in uses]
    for donor in donors[::3]:
        consent.actions.withdraw(donor=donor, kind="nothing_new", by=make.user_of(donor))
    for donor in donors[1::3]:
        consent.actions.withdraw(donor=donor, kind="no_contact", by=make.user_of(donor))
    grants += [make.grant(version, **use) for use in uses]
    consent.actions.withdraw(donor=donors[2], kind="no_further_use", by=make.user_of(donors[2]))
    said = set()
    for grant in grants:
        reached = set(queries.entries_for(grant).values_list("donor_id", flat=True))
        for donor in donors:
            assert (donor.pk in reached) == (reach_of(donor.pk)(grant) and donor != donors[2])
            said.add(donor.pk in reached)
    assert said == {True, False}


def test_more_scans_cost_no_more_queries(programme: Programme, django_assert_max_num_queries: Any) -> None:
    donor = consent.donor(programme)
    client = browser(make.user_of(donor))

    def gift(scans: int) -> None:
        for _ in range(scans):
            make.images(donor, 1)
        for _ in range(scans):
            grant = make.grant(make.version(make.dataset(programme)))
            ran(programme, grant)

    gift(1)
    with django_assert_max_num_queries(60) as first:
        text_of(client.get("/my-data/"))
    gift(4)
    with django_assert_max_num_queries(len(first)):
        shown = text_of(client.get("/my-data/"))
    assert shown.count("A computer learned from it") == 5 + 4 * 4


def test_many_scans_come_in_pages(programme: Programme) -> None:
    donor = consent.donor(programme)
    for _ in range(8):
        make.images(donor, 1)
    first, second = page_of(donor), page_of(donor, "?page=2")
    assert (first.count("You gave this scan"), second.count("You gave this scan")) == (6, 2)
    assert "You gave this scan" in page_of(donor, "?page=99")
    assert "8</" in first or ">8<" in first


def test_it_is_ones_own_alone(programme: Programme, other_programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(other_programme)
    make.images(donor, 1)
    make.images(other, 1, body_part="HEAD")
    assert "of the head" not in page_of(donor)
    assert "of the chest" not in page_of(other)
    assert Client().get("/my-data/").status_code == 302
    assert [scan.donor_id for scan in queries.scans_of(donor.pk)] == [donor.pk]

"""Asking for access, deciding, and freezing versions, by hand on the pages."""

import pytest

from core.accounts.models import Membership, Programme
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.due.run import drain as run_due
from registry import queries
from registry.actions.grants import agreement_of
from registry.models import AccessRequest, Dataset, Grant, Vote
from registry.rules.lifecycle import GrantState, RequestState, VersionState
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.test_pages import browser, signature, text_of

pytestmark = pytest.mark.django_db

FORM = {
    "title": "Finding spots",
    "aim": "We want to find spots early.",
    "institution": "University of Example",
    "org": "nonprofit",
    "area": "health",
    "commercial": "no",
    "train_model": "yes",
    "share_weights": "no",
    "sensitive": "none",
    "countries": "gb, DE",
}
SAID_TWICE = {"sensitive": ["none", "paediatric"]}


def test_access_by_hand_from_the_numbers_to_the_manifest(programme: Programme) -> None:
    for declined in ({}, {"train_models": False}):
        make.images(consent.donor(programme, **declined), 1)
    version = make.version(make.dataset(programme))
    researcher = core.user(programme, Role.RESEARCHER, name="Rosa Researcher")
    client, page = browser(researcher), f"/versions/{version.pk}/request/"
    assert "Ask for access" in text_of(client.get(f"/versions/{version.pk}/"))
    numbers = text_of(client.post(page, {**FORM, "step": "check"}))
    assert "Fewer than 20 of fewer than 20 donors" in numbers
    assert not AccessRequest.objects.exists()
    for wrong in ({"title": ""}, {"countries": "somewhere far"}, {"area": "diseases"}, {"org": "club"}, SAID_TWICE):
        assert "There is a problem" in text_of(client.post(page, {**FORM, **wrong}))
    for _ in range(2):
        client.post(page, FORM)
    request = AccessRequest.objects.get()
    for _ in range(2):
        client.post(f"/requests/{request.pk}/send/")
    request.refresh_from_db()
    assert (request.state, request.permitted_donors, request.total_donors) == (RequestState.SUBMITTED, 1, 2)
    members = [browser(core.user(programme, Role.COMMITTEE)) for _ in range(2)]
    assert "Your decision" in text_of(members[0].get(f"/requests/{request.pk}/"))
    assert "Fewer than 10 donors are left out" in text_of(members[0].get(f"/requests/{request.pk}/"))
    members[0].post(f"/requests/{request.pk}/vote/", {"approves": "yes"})
    assert not Vote.objects.exists()
    for member in members:
        member.post(f"/requests/{request.pk}/vote/", {"approves": "yes", "reason": "It helps patients."})
    assert members[0].post(f"/requests/{request.pk}/vote/", {"approves": "no", "reason": "x"}).status_code == 409
    grant = Grant.objects.get()
    assert client.get(f"/versions/{version.pk}/manifest.json").status_code == 403
    agreement = text_of(client.get(f"/grants/{grant.pk}/"))
    assert "find out who a donor is" in agreement
    assert "There is a problem" in text_of(client.post(f"/grants/{grant.pk}/", {"typed_name": "Rosa Researcher"}))
    for _ in range(2):
        client.post(f"/grants/{grant.pk}/", signature(agreement, "Rosa Researcher", shown="0" * 64))
        grant.refresh_from_db()
        assert grant.state == GrantState.OFFERED
    assert "There is a problem" in text_of(client.post(f"/grants/{grant.pk}/", signature(agreement, "Nobody")))
    for _ in range(2):
        client.post(f"/grants/{grant.pk}/", signature(agreement, "Rosa Researcher"))
    grant.refresh_from_db()
    assert grant.state == GrantState.ACTIVE
    manifest = client.get(f"/versions/{version.pk}/manifest.json")
    assert (manifest.status_code, manifest.headers["Content-Type"]) == (200, "application/json")
    assert request.title in text_of(client.get("/requests/"))
    end = f"/grants/{grant.pk}/revoke/"
    assert browser(researcher).post(end, {"reason": "safety"}).status_code == 403
    assert "has ended" in text_of(browser(consent.steward(programme)).post(end, {"reason": "safety"}, follow=True))
    assert client.get(f"/versions/{version.pk}/manifest.json").status_code == 403


def test_a_request_is_taken_back_by_hand(programme: Programme) -> None:
    make.images(consent.donor(programme), 1)
    request = make.request(make.version(make.dataset(programme)))
    client = browser(request.researcher)
    assert "no longer decides" in text_of(client.get(f"/requests/{request.pk}/take-back/"))
    for _ in range(2):
        assert client.post(f"/requests/{request.pk}/take-back/").status_code == 302
    assert queries.requests_of(request.researcher).get().state == RequestState.TAKEN_BACK


def test_a_steward_makes_and_freezes_by_hand(programme: Programme) -> None:
    make.images(consent.donor(programme), 2)
    client = browser(consent.steward(programme))
    form = {
        "title": "Chests",
        "slug": "chests",
        "labels_required": "no",
        "min_images_per_donor": "1",
        "modalities": ["CT"],
    }
    for wrong in ({"slug": "No Spaces!"}, {"min_images_per_donor": "0"}, {"modalities": ["XX"]}):
        assert "There is a problem" in text_of(client.post("/staff/datasets/new/", {**form, **wrong}))
    client.post("/staff/datasets/new/", form)
    assert "short name already" in text_of(client.post("/staff/datasets/new/", form))
    dataset = Dataset.objects.get()
    assert dataset.programme == programme
    assert "No version has been frozen" in text_of(client.get(f"/datasets/{dataset.pk}/"))
    assert client.post(f"/datasets/{dataset.pk}/freeze/", {"bump": "minor"}).status_code == 302
    assert client.post(f"/datasets/{dataset.pk}/freeze/", {"bump": "minor"}).status_code == 409
    run_due()
    version = dataset.versions.get()
    assert version.state == VersionState.FROZEN
    assert version.digest in text_of(client.get(f"/versions/{version.pk}/"))
    assert client.get(f"/versions/{version.pk}/manifest.json").status_code == 200
    researcher = browser(core.user(programme, Role.RESEARCHER))
    assert researcher.get("/staff/datasets/new/").status_code == 403
    assert researcher.post(f"/datasets/{dataset.pk}/freeze/").status_code == 403
    assert "Freeze" not in text_of(researcher.get(f"/datasets/{dataset.pk}/"))


def test_a_steward_of_two_programmes_says_which(programme: Programme, other_programme: Programme) -> None:
    both = consent.steward(programme)
    Membership.objects.create(user=both, programme=other_programme, role=Role.STEWARD, granted_by="system:test")
    client = browser(both)
    assert other_programme.name in text_of(client.get("/staff/datasets/new/"))
    form = {"title": "Hearts", "slug": "hearts", "labels_required": "no", "min_images_per_donor": "1"}
    assert "There is a problem" in text_of(client.post("/staff/datasets/new/", {**form, "programme": "x"}))
    client.post("/staff/datasets/new/", {**form, "programme": str(other_programme.pk)})
    assert Dataset.objects.get().programme == other_programme


def test_a_closed_version_says_what_to_use_instead(programme: Programme) -> None:
    leaver = consent.donor(programme)
    make.images(leaver, 1)
    make.images(consent.donor(programme), 1)
    version = make.version(make.dataset(programme))
    grant = make.grant(version, signed=False)
    draft = make.request(version, grant.researcher, submitted=False)
    consent.actions.withdraw(donor=leaver, kind="no_further_use", by=make.user_of(leaver))
    run_due()
    client = browser(grant.researcher)
    signed = {"typed_name": "Rosa Researcher", "shown": sha256_hex(agreement_of(grant))}
    assert "1 image of this version was erased" in text_of(client.get(f"/versions/{version.pk}/"))
    assert "version 2.0.0" in text_of(client.get(f"/versions/{version.pk}/"))
    assert "takes no new use" in text_of(client.get(f"/grants/{grant.pk}/"))
    assert client.post(f"/grants/{grant.pk}/", signed).status_code == 409
    assert "takes no new requests" in text_of(client.get(f"/requests/{draft.pk}/"))
    assert client.post(f"/requests/{draft.pk}/send/").status_code == 409
    assert [line.kind for line in queries.waiting(grant.researcher)] == ["request_draft"]

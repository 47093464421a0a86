"""The pages by hand: every step with plain forms, others' ids, posts twice, and what must never be printed."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.models import Membership, Programme, User
from core.accounts.roles import Role
from core.canonical import sha256_hex
from core.due.run import drain as run_due
from core.ids import new_id
from registry import queries
from registry.actions.grants import agreement_of
from registry.models import AccessRequest, Dataset, DonatedFile, Donation, Grant, Vote
from registry.rules.lifecycle import DonationState, FileState, GrantState, RequestState, VersionState
from tests.factories import consent, core
from tests.factories import registry as make

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


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def signature(page: str, name: str, **said: str) -> dict[str, str]:
    """What the form of an agreement's page sends."""
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown is not None
    return {"typed_name": name, "shown": shown[1], **said}


def files(*contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("SURNAME_GIVEN_19500101.dcm", data) for data in contents]


def test_a_donor_gives_images_by_hand(programme: Programme) -> None:
    donor = consent.donor(programme)
    client = browser(make.user_of(donor))
    assert "Begin" in text_of(client.get("/donate/"))
    for nobody in ("", "x", str(new_id())):
        assert client.post("/donate/", {"donor": nobody}).status_code == 404
    for _ in range(2):
        client.post("/donate/", {"donor": str(donor.pk)})
    donation = Donation.objects.get()
    page = f"/donations/{donation.pk}/"
    assert "webkitdirectory" in text_of(client.get(page))
    said = text_of(client.post(f"{page}files/", {"images": []}, follow=True))
    assert "Choose at least one file" in said
    sent = {"images": files(make.own_dicom(donor), b"letter"), "folder": files(make.own_dicom(donor))}
    said = text_of(client.post(f"{page}files/", sent, follow=True))
    assert "2 files received." in said
    assert "1 file not taken." in said
    assert "SURNAME" not in said
    for _ in range(2):
        said = text_of(client.post(f"{page}send/", follow=True))
    assert "Names and dates are taken out" in said
    assert not [row for row in DonatedFile.objects.values() if "SURNAME" in str(row)]
    assert "Go on with" not in text_of(client.get("/donate/"))
    assert "still being checked" in text_of(client.get("/my-data/"))


def test_the_script_sends_files_one_by_one(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 0, submitted=False)
    client = browser(make.user_of(donor))
    page, json = f"/donations/{donation.pk}/files/", {"Accept": "application/json"}
    data = make.own_dicom(donor)
    for outcome in ("received", "duplicate"):  # sent again after the line broke: nothing is doubled
        answer = client.post(page, {"images": files(data)}, headers=json)
        assert [a["outcome"] for a in answer.json()["answers"]] == [outcome]
    signed_out = Client().post(page, {"images": files(data)}, headers=json)
    assert (signed_out.status_code, signed_out.json()["title"]) == (
        401,
        "You were signed out. Sign in again, then go on.",
    )
    too_large = client.post(page, {"images": files(data)}, headers=json, CONTENT_LENGTH=str(1 << 60))
    assert (too_large.status_code, "several parts" in too_large.json()["title"]) == (413, True)
    client.post(f"/donations/{donation.pk}/send/")
    late = client.post(page, {"images": files(make.own_dicom(donor))}, headers=json)
    assert (late.status_code, "sent off already" in late.json()["title"]) == (409, True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.user_of(donor))
    assert strict.post(page, {"images": files(data)}, headers=json).status_code == 403


@pytest.mark.parametrize(("said", "left"), [("mine", 3), ("not_mine", 1)])
def test_the_question_is_asked_without_the_other_name(programme: Programme, said: str, left: int) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 1, submitted=False)
    client = browser(make.user_of(donor))
    page = f"/donations/{donation.pk}/"
    other = files(make.dicom("Otherperson^Olga", "19301212"), make.dicom("Otherperson^Olga", "19301212"))
    shown = text_of(client.post(f"{page}files/", {"images": other}, follow=True))
    assert "on 2 of these images is not yours" in shown
    assert "Otherperson" not in shown
    assert "Olga" not in shown
    assert "Choose one of the two answers" in text_of(client.post(f"{page}answer/", {"whose": "?"}, follow=True))
    assert client.post(f"{page}send/").status_code == 409
    for _ in range(2):
        client.post(f"{page}answer/", {"whose": said})
    run_due()
    assert DonatedFile.objects.filter(state=FileState.RECEIVED).count() == left
    donation.refresh_from_db()
    assert donation.state == DonationState.OPEN


def test_a_donation_is_taken_back_by_hand(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 1, submitted=False)
    client = browser(make.user_of(donor))
    page = f"/donations/{donation.pk}/take-back/"
    assert "We delete the images" in text_of(client.get(page))
    assert "deleted" in text_of(client.post(page, follow=True))


def test_my_data_shows_where_everything_is(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    version = make.version(make.dataset(programme))
    grant = make.grant(version)
    client = browser(make.user_of(donor))
    shown = text_of(client.get("/my-data/"))
    for words in ("ready for research", version.dataset.title, grant.request.title, grant.request.aim, "/withdraw/"):
        assert words in shown
    consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    run_due()
    shown = text_of(client.get("/my-data/"))
    assert "The images were deleted" in shown
    assert grant.request.title not in shown


def test_what_is_not_ones_own_is_not_there(programme: Programme, other_programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = make.donation(donor, 1, submitted=False)
    make.images(consent.donor(programme), 1)
    version = make.version(make.dataset(programme))
    grant = make.grant(version)
    stranger = core.user(other_programme, *[role for role in Role if role != Role.DONOR])
    client = browser(stranger)
    for page in (
        f"/donations/{donation.pk}/",
        f"/donations/{donation.pk}/take-back/",
        f"/donations/{new_id()}/",
        f"/datasets/{version.dataset_id}/",
        f"/versions/{version.pk}/",
        f"/versions/{version.pk}/manifest.json",
        f"/versions/{version.pk}/request/",
        f"/requests/{grant.request_id}/",
        f"/requests/{grant.request_id}/take-back/",
        f"/grants/{grant.pk}/",
        f"/grants/{grant.pk}/revoke/",
    ):
        assert client.get(page).status_code == 404, page
    for page in (
        f"/donations/{donation.pk}/files/",
        f"/donations/{donation.pk}/answer/",
        f"/donations/{donation.pk}/send/",
        f"/datasets/{version.dataset_id}/freeze/",
        f"/requests/{grant.request_id}/send/",
        f"/requests/{grant.request_id}/vote/",
    ):
        assert client.post(page, {"whose": "mine", "approves": "yes", "reason": "x"}).status_code == 404, page
    assert version.dataset.title not in text_of(client.get("/datasets/"))
    for page in ("/donate/", "/my-data/", "/datasets/", "/requests/", f"/grants/{grant.pk}/"):
        assert Client().get(page).status_code == 302


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

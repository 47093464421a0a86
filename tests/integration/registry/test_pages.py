"""The pages by hand: every step with plain forms, others' ids, posts twice, and what must never be printed."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.models import Programme, User
from core.accounts.roles import Role
from core.due.run import drain as run_due
from core.ids import new_id
from registry.models import DonatedFile, Donation
from registry.rules.lifecycle import DonationState, FileState
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


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

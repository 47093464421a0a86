"""What clumsy and hostile people did by hand at the registry's doors: each is answered with a sentence, once."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from consent.rules.use import UseError
from core.accounts.models import Programme
from core.accounts.roles import Role, Scope
from core.errors import Conflict, Invalid
from registry import actions
from registry.models import DonatedFile, Donation
from registry.rules.purpose import use_of
from tests.factories import consent, core
from tests.factories import registry as make
from tests.integration.registry.test_api import Program

pytestmark = pytest.mark.django_db
PURPOSE: dict[str, Any] = {"org": "nonprofit", "area": "health", "sensitive": [], "countries": ["GB"]}


def test_a_donation_sent_from_two_windows_at_once_is_sent_once(programme: Programme) -> None:
    donor = consent.donor(programme)
    first = make.donation(donor, submitted=False)
    second = Donation.objects.get(pk=first.pk)
    for seen in (first, second):
        actions.submit_donation(donation=seen, by=make.user_of(donor))
        assert seen.state == "submitted"


def test_a_question_answered_from_two_windows_is_answered_by_the_first(programme: Programme) -> None:
    donor = consent.donor(programme)
    begun = make.donation(donor, submitted=False)
    make.upload(begun, make.dicom("Somebody^Else", "19330303"), make.user_of(donor))
    client = Client()
    client.force_login(make.user_of(donor))
    address = f"/donations/{begun.pk}/answer/"
    assert "We removed" in client.post(address, {"whose": "not_mine"}, follow=True).content.decode()
    page = client.post(address, {"whose": "mine"}, follow=True).content.decode()
    assert "answered this question already" in page
    assert "took these images as yours" not in page


def test_a_donation_that_was_sent_cannot_be_taken_back_and_the_donor_reads_what_can_be_done(
    programme: Programme,
) -> None:
    donor = consent.donor(programme)
    sent = make.donation(donor)
    with pytest.raises(Conflict, match="withdraw"):
        actions.abandon_donation(donation=sent, by=make.user_of(donor))


@pytest.mark.parametrize("deed", ["submit_request", "take_back"])
def test_a_request_sent_or_taken_back_from_two_windows(programme: Programme, deed: str) -> None:
    donor = consent.donor(programme)
    make.images(donor)
    asked = make.request(make.version(make.dataset(programme)), submitted=False)
    for seen in (asked, type(asked).objects.get(pk=asked.pk)):
        getattr(actions, deed)(request=seen, by=asked.researcher)


def test_an_empty_zip_is_named(programme: Programme) -> None:
    donor = consent.donor(programme)
    begun = make.donation(donor, submitted=False)
    stream = BytesIO(make.zipped({}))
    answers = actions.add_upload(donation=begun, stream=stream, by=make.user_of(donor))
    assert [answer.sentence for answer in answers] == [
        "There is no file in this ZIP. Make it again, then send it again."
    ]


@pytest.mark.parametrize("body", [b"zz", b"--x--\r\n"])
def test_a_form_without_a_file_is_no_success(programme: Programme, body: bytes) -> None:
    donor = consent.donor(programme)
    begun = make.donation(donor, submitted=False)
    program = Program(make.user_of(donor), Scope.DONATIONS)
    answer = program.post(f"donations/{begun.pk}/files/", body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_file")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"area": "diseases"}, "at least one disease"),
        ({"area": "diseases", "diseases": ["MONDO:9999999"]}, "not known here"),
        ({"countries": []}, "countries"),
    ],
)
def test_the_page_and_the_api_want_the_same_of_a_purpose(change: dict[str, Any], says: str) -> None:
    with pytest.raises(UseError, match=says):
        use_of(PURPOSE | change)


@pytest.mark.parametrize("address", ["/donate/", "/my-data/", "/datasets/", "/requests/"])
def test_the_headers_of_every_page_can_be_asked_for(programme: Programme, address: str) -> None:
    client = Client()
    client.force_login(core.user(programme, Role.RESEARCHER))
    assert client.head(address).status_code == 200


def test_a_vote_with_something_amiss_keeps_what_was_written(programme: Programme) -> None:
    make.images(consent.donor(programme))
    asked = make.request(make.version(make.dataset(programme)))
    client = Client()
    client.force_login(core.user(programme, Role.COMMITTEE))
    page = client.post(f"/requests/{asked.pk}/vote/", {"reason": "Because it helps many."}).content.decode()
    assert "Because it helps many." in page
    assert "Choose an answer for" in page
    assert not asked.votes.exists()


def test_a_decided_request_is_not_taken_back_and_the_researcher_reads_why(programme: Programme) -> None:
    make.images(consent.donor(programme))
    decided = make.grant(make.version(make.dataset(programme))).request
    decided.refresh_from_db()
    with pytest.raises(Conflict, match="decided on this request"):
        actions.take_back(request=decided, by=decided.researcher)


def test_nobody_writes_a_request_for_a_closed_version(programme: Programme) -> None:
    make.images(consent.donor(programme))
    version = make.version(make.dataset(programme))
    type(version).objects.filter(pk=version.pk).update(state="closed")
    client = Client()
    client.force_login(core.user(programme, Role.RESEARCHER))
    answer = client.get(f"/versions/{version.pk}/request/")
    assert (answer.status_code, "Ask for the newest one" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("turned", ["\u202egnol", "a\u2066b"])
def test_a_purpose_reads_to_the_committee_as_it_was_written(programme: Programme, turned: str) -> None:
    make.images(consent.donor(programme))
    version = make.version(make.dataset(programme))
    researcher = core.user(programme, Role.RESEARCHER)
    texts = {"title": "T", "aim": turned, "institution": "I"}
    with pytest.raises(Invalid) as refused:
        actions.draft_request(version=version, answers=PURPOSE, by=researcher, **texts)
    assert set(refused.value.fields) == {"aim"}
    hebrew = {**texts, "aim": "\u05e9\u05dc\u05d5\u05dd"}
    assert actions.draft_request(version=version, answers=PURPOSE, by=researcher, **hebrew)


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
@pytest.mark.parametrize("modality", ["C\0T", "Edith Lee", "CT\\MR"])
def test_a_modality_that_is_none_is_not_kept(programme: Programme, modality: str) -> None:
    donor = consent.donor(programme)
    begun = make.donation(donor, submitted=False)
    before = {file.pk for file in DonatedFile.objects.all()}
    make.upload(begun, make.own_dicom(donor, Modality=modality), make.user_of(donor))
    (taken,) = DonatedFile.objects.exclude(pk__in=before)
    assert taken.modality == ""

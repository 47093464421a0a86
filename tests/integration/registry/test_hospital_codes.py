"""A letter's code opens one donation for its time, for whoever types it, and nothing else, ever."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from consent import actions as consent_actions
from core.accounts.models import Programme
from core.audit.models import Event
from core.canonical import sha256_hex
from core.due.run import drain
from core.errors import Conflict, Missing, NotAllowed
from core.ids import new_id
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry import actions
from registry.models import DonatedFile, Donation, Invitation
from registry.rules.invitations import OVER, UNKNOWN, Invited, new_code
from registry.rules.lifecycle import FileState, InvitationState
from registry.work.inviting import end_overdue
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.hospital import Hospital, asked, told
from tests.integration.registry.test_pages import browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["", "x", "ABCD-EFGH-JKMN-PQRS-TVWX", "' OR 1=1 --", "\0"])
def test_a_wrong_code_opens_nothing_and_is_answered_as_an_unknown_one(donation: Donation, typed: str) -> None:
    asked(donation)
    answer = Client().post("/hospital/", {"code": typed})
    assert answer.status_code == 422
    assert "sessionid" not in answer.cookies
    if typed.strip("\0"):
        assert UNKNOWN in answer.content.decode()


def test_only_a_digest_of_the_code_is_kept(donation: Donation) -> None:
    invitation, code = asked(donation)
    assert invitation.digest == sha256_hex(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_invitation")
        assert code not in str(cursor.fetchall())
    assert code not in str(list(Event.objects.values_list("data", flat=True)))


def test_whoever_guesses_waits(donation: Donation, settings: Any) -> None:
    cache.clear()
    _, code = asked(donation)
    settings.ACCOUNT_RATE_LIMITS = {"hospital_code": "2/h/ip"}
    client = Client()
    tries = [client.post("/hospital/", {"code": guess}).content.decode() for guess in (new_code(), new_code(), code)]
    assert [("too many tries" in answer) for answer in tries] == [False, False, True]
    cache.clear()


def test_whoever_sends_too_fast_waits(donation: Donation, settings: Any) -> None:
    cache.clear()
    hospital = Hospital(asked(donation)[1])
    settings.ACCOUNT_RATE_LIMITS = {"hospital_files": "1/h/key"}
    answers = [hospital.client.post(f"{hospital.page}files/").status_code for _ in range(2)]
    assert answers == [302, 429]
    cache.clear()


def over(hospital: Hospital, code: str, donation: Donation) -> None:
    """Nothing can be sent any more, by the page that was open and by the code; both say so and no more."""
    before = DonatedFile.objects.count()
    said = hospital.send(make.own_dicom(donation.donor))
    assert "This code takes no more files" in said
    assert hospital.client.get(hospital.page)["Location"] == "/hospital/"
    again = Hospital(code)
    assert (again.answer.status_code, OVER in again.answer.content.decode()) == (422, True)
    assert DonatedFile.objects.count() == before
    assert StoredObject.objects.exclude(state=ObjectState.ERASED).count() == before


def test_a_code_is_over_once_everything_was_sent(donation: Donation) -> None:
    _, code = asked(donation)
    one, other = Hospital(code), Hospital(code)
    one.send(make.own_dicom(donation.donor))
    one.finish()
    assert other.finish()["Location"] == "/hospital/sent/", "two browsers that finish are both thanked"
    over(still_open(other), code, donation)
    assert len(told()) == 1


def still_open(hospital: Hospital) -> Hospital:
    """A browser that has not finished itself: it still has the note of the code."""
    session = hospital.client.session
    pk = hospital.page.split("/")[2]
    session["hospital"] = {pk: {"at": int(timezone.now().timestamp()), "taken": 0}}
    session.save()
    return hospital


def test_a_code_is_over_when_its_time_is(donation: Donation) -> None:
    invitation, code = asked(donation)
    hospital = Hospital(code)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    over(hospital, code, donation)
    donor, place = browser(make.user_of(donation.donor)), f"/donations/{donation.pk}/"
    assert "The time is over" in donor.get(place).content.decode()
    assert (end_overdue(), end_overdue()) == (1, 0)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.ENDED
    assert "The time is over" in donor.get(place).content.decode()


def test_the_donor_ends_it_with_one_click_and_what_came_stays(donation: Donation) -> None:
    invitation, code = asked(donation)
    hospital = Hospital(code)
    hospital.send(make.own_dicom(donation.donor))
    donor = browser(make.user_of(donation.donor))
    for _ in range(2):
        assert donor.post(f"/donations/{donation.pk}/letters/{invitation.pk}/end/").status_code == 302
    over(hospital, code, donation)
    assert Event.objects.filter(verb="registry.invitation.ended").count() == 1
    assert DonatedFile.objects.filter(state=FileState.RECEIVED).count() == 1


def test_nobody_else_ends_it(donation: Donation, programme: Programme) -> None:
    invitation, _ = asked(donation)
    other = make.donation(consent.donor(programme), 0, submitted=False)
    stranger = browser(make.user_of(other.donor))
    for place in (donation.pk, other.pk):
        assert stranger.post(f"/donations/{place}/letters/{invitation.pk}/end/").status_code == 404
    with pytest.raises(Missing):
        actions.end_invitation(invitation=invitation, by=make.user_of(other.donor))
    with pytest.raises(Missing):
        actions.invite(donation=donation, by=make.user_of(other.donor))
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.OPEN


@pytest.mark.parametrize("deed", ["send", "take-back"])
def test_a_code_is_over_with_its_donation(donation: Donation, deed: str) -> None:
    _, code = asked(donation)
    hospital = Hospital(code)
    hospital.send(make.own_dicom(donation.donor))
    browser(make.user_of(donation.donor)).post(f"/donations/{donation.pk}/{deed}/")
    assert Invitation.objects.get().state == InvitationState.ENDED
    before = DonatedFile.objects.count()
    assert "takes no more files" in hospital.send(make.own_dicom(donation.donor))
    assert DonatedFile.objects.count() == before
    with pytest.raises(Conflict):
        asked(donation)


@pytest.mark.parametrize("kind", ["nothing_new", "no_further_use", "erase"])
def test_a_donor_who_leaves_ends_it_and_the_hospital_is_not_told_why(donation: Donation, kind: str) -> None:
    _, code = asked(donation)
    hospital = Hospital(code)
    consent_actions.withdraw(donor=donation.donor, kind=kind, by=make.user_of(donation.donor))
    assert Invitation.objects.get().state == InvitationState.ENDED
    said = hospital.send(make.own_dicom(donation.donor))
    assert "takes no more files" in said
    assert "withdr" not in said
    drain()
    assert not DonatedFile.objects.filter(state=FileState.RECEIVED).exists()
    assert Invitation.objects.exists() == (kind == "nothing_new")


def test_the_id_alone_opens_nothing_and_looks_like_any_other(donation: Donation) -> None:
    invitation, _ = asked(donation)
    answers = []
    for pk in (invitation.pk, new_id()):
        client = Client()
        posts = [client.post(f"/hospital/{pk}/{deed}/") for deed in ("files", "finish")]
        answers.append([(a.status_code, a["Location"]) for a in (client.get(f"/hospital/{pk}/"), *posts)])
    assert answers[0] == answers[1] == [(302, "/hospital/")] * 3
    invitation.refresh_from_db()
    assert (invitation.state, invitation.opened_at) == (InvitationState.OPEN, None)


def test_the_code_leads_nowhere_else(donation: Donation) -> None:
    hospital = Hospital(asked(donation)[1])
    hospital.send(make.own_dicom(donation.donor))
    for place in ("", "senders/", "letter/", "manifest/", "uploads/", "send/", "answer/", "not-used/", "complete/"):
        answer = hospital.client.post(f"/donations/{donation.pk}/{place}")
        assert answer.status_code in {302, 401, 405}, place
        assert answer.get("Location", "/accounts/login/").startswith("/accounts/login/")
    bearer = {"Authorization": f"Bearer {asked(donation)[1]}"}
    assert Client().post("/dicom-web/studies", b"", "multipart/related", headers=bearer).status_code == 401
    page = hospital.read()
    assert str(donation.pk) not in page
    assert str(donation.donor_id) not in page
    assert donation.donor.person.family_name not in page


def test_another_sites_form_cannot_send_or_finish(donation: Donation) -> None:
    _, code = asked(donation)
    hospital = Hospital(code)
    hospital.client.handler.enforce_csrf_checks = True
    posted = {"images": [SimpleUploadedFile("x", make.own_dicom(donation.donor))]}
    assert hospital.client.post(f"{hospital.page}files/", posted).status_code == 403
    assert hospital.client.post(f"{hospital.page}finish/").status_code == 403
    assert Client(enforce_csrf_checks=True).post("/hospital/", {"code": code}).status_code == 403
    assert not DonatedFile.objects.exists()


def test_pages_are_kept_by_no_cache_and_a_new_session_begins(donation: Donation) -> None:
    _, code = asked(donation)
    client = Client()
    client.get("/hospital/nothing/")
    answer = client.post("/hospital/", {"code": code})
    assert "no-store" in answer["Cache-Control"]
    assert code not in answer["Location"]
    assert answer.cookies["sessionid"]["max-age"] == "", "it goes with the browser"
    page = client.get(answer["Location"])
    assert "no-store" in page["Cache-Control"]
    # A stricter policy would have browsers post with `Origin: null`, which the check against forgery refuses.
    assert page["Referrer-Policy"] == "same-origin"


def test_a_shared_computer_forgets_the_code(donation: Donation) -> None:
    hospital = Hospital(asked(donation)[1])
    session = hospital.client.session
    (told,) = session["hospital"].values()
    told["at"] -= 12 * 3600 + 1
    session.save()
    assert hospital.client.get(hospital.page)["Location"] == "/hospital/"
    assert "Please type the code again" in hospital.send(make.own_dicom(donation.donor))
    assert not DonatedFile.objects.exists()


def test_an_invitation_is_for_its_own_donation_alone(donation: Donation, programme: Programme) -> None:
    other = make.donation(consent.donor(programme), 0, submitted=False)
    invitation, _ = asked(donation)
    for claims in (Invited(invitation.pk, donation.pk), Invited(invitation.pk, other.pk), Invited(new_id(), other.pk)):
        with pytest.raises(Missing):
            actions.add_upload(donation=other, stream=BytesIO(make.own_dicom(other.donor)), by=claims)
    for deed in (actions.submit_donation, actions.abandon_donation):
        with pytest.raises(NotAllowed, match="Only a person who is signed in"):
            deed(donation=donation, by=Invited(invitation.pk, donation.pk))
    assert not DonatedFile.objects.exists()

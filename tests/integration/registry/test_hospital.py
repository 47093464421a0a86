"""A hospital sends by a letter's code: everything once, and nothing else of the donor's is learnt."""

from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.models import Programme
from core.audit.models import Event
from core.errors import Conflict, Gone, Unavailable
from core.storage.models import StoredObject
from core.storage.work import Written
from core.storage.zones import ObjectState
from registry import actions
from registry.actions import entering
from registry.models import DonatedFile, Donation, Invitation
from registry.rules.invitations import LASTS, MOST, printed
from registry.rules.lifecycle import DonationState, FileState, InvitationState
from tests.factories import consent
from tests.factories import registry as make
from tests.hostile.zips import cases as zips
from tests.integration.registry.hospital import Hospital, asked, told
from tests.integration.registry.test_pages import browser

pytestmark = pytest.mark.django_db
STORED = "storage.storedobject.stored"


def test_a_letter_leads_to_images_in_quarantine_and_news_for_the_donor(donation: Donation) -> None:
    invitation, code = asked(donation)
    donor = browser(make.user_of(donation.donor))
    place = f"/donations/{donation.pk}/"
    assert "has not opened it yet" in donor.get(place).content.decode()
    hospital = Hospital(printed(code).lower())
    assert hospital.page == f"/hospital/{invitation.pk}/"
    assert "has opened its page" in donor.get(place).content.decode()
    assert "A. L." in hospital.read()
    own = [make.own_dicom(donation.donor) for _ in range(3)]
    assert "2 files received." in hospital.send(own[0], own[1], field="folder")
    assert "1 file received." in hospital.send(make.zipped({"x/IMG1": own[2]}))
    assert "3 files" in donor.get(place).content.decode()
    files = DonatedFile.objects.all()
    assert {file.invitation_id for file in files} == {invitation.pk}
    assert {file.stored.zone for file in files} == {"quarantine"}
    assert not told()
    assert hospital.finish()["Location"] == "/hospital/sent/"
    (notice,) = told()
    assert (notice.user_id, notice.link) == (donation.donor.person.user_id, place)
    assert "has sent everything" in donor.get(place).content.decode()
    assert "Send my donation" in donor.get(place).content.decode()
    events = Event.objects.filter(actor=f"invitation:{invitation.pk}").values_list("verb", flat=True)
    assert set(events) == {"invitation.opened", "file.received", "registry.invitation.finished", STORED}


def test_what_the_donor_gave_before_is_not_told(donation: Donation) -> None:
    data = make.own_dicom(donation.donor)
    make.upload(donation, data, make.user_of(donation.donor))
    hospital = Hospital(asked(donation)[1])
    page = hospital.read()
    assert "CT" not in page
    assert "Examination" not in page
    said = hospital.send(data)
    assert "1 file received." in said
    assert "already" not in said
    assert DonatedFile.objects.count() == 1
    assert hospital.finish()["Location"] == "/hospital/sent/"


def test_another_persons_image_is_put_aside_and_only_the_donor_is_asked(donation: Donation) -> None:
    hospital = Hospital(asked(donation)[1])
    said = hospital.send(make.dicom("SOMEBODY^ELSE", "19700101"))
    assert "1 file received." in said
    assert "put aside" not in said
    assert DonatedFile.objects.get().state == FileState.HELD
    donation.refresh_from_db()
    assert donation.state == DonationState.STOPPED
    assert "1 file received." in hospital.send(make.own_dicom(donation.donor)), "the others still come in"
    asks = browser(make.user_of(donation.donor)).get(f"/donations/{donation.pk}/").content.decode()
    assert "Are these images yours?" in asks
    assert "Your letters to hospitals" in asks


@pytest.mark.parametrize("scope", ["donor", "day", "programme"])
def test_a_limit_that_is_reached_in_the_middle_loses_nothing(donation: Donation, settings: Any, scope: str) -> None:
    own = [make.own_dicom(donation.donor) for _ in range(3)]
    limits = {"donor": 1 << 40, "day": 1 << 40, "programme": 1 << 40, scope: 2 * len(own[0]) + 20}
    settings.QUARANTINE_MOST = limits
    hospital = Hospital(asked(donation)[1])
    said = hospital.send(make.zipped({str(n): data for n, data in enumerate(own)}))
    assert "2 files received." in said
    assert "There is no room for more just now" in said
    assert "one person" not in said
    assert DonatedFile.objects.count() == 2
    settings.QUARANTINE_MOST = {**limits, scope: 1 << 40}
    hospital.send(*own)
    assert DonatedFile.objects.count() == 3, "sent again, nothing is there twice"


def test_a_store_that_goes_away_in_the_middle_loses_no_answer(
    donation: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [make.own_dicom(donation.donor) for _ in range(3)]
    hospital, put = Hospital(asked(donation)[1]), entering.storage.put

    def goes_away(stored: StoredObject, data: Any) -> Written:
        if DonatedFile.objects.count() == 2:
            raise Unavailable("The files cannot be kept just now.")
        return put(stored, data)

    with monkeypatch.context() as patched:
        patched.setattr(entering.storage, "put", goes_away)
        said = hospital.send(*own)
    assert "2 files received." in said
    assert "Not all of it came in. The files cannot be kept just now." in said
    hospital.send(*own)
    assert DonatedFile.objects.count() == 3
    assert hospital.finish()["Location"] == "/hospital/sent/"


def test_hostile_zips_are_answered_and_lay_nothing_else_down(donation: Donation) -> None:
    hospital = Hospital(asked(donation)[1])
    each = list(zips())
    for case in each[:: len(each) // 5]:
        said = hospital.send(case.data)
        assert "Everything that" not in said
        assert hospital.page.encode() in said.encode(), "the page is there still"
    assert StoredObject.objects.exclude(state=ObjectState.ERASED).count() == DonatedFile.objects.count()


def test_two_codes_in_one_browser_never_get_each_others_files(donation: Donation, programme: Programme) -> None:
    other = make.donation(consent.donor(programme), 0, submitted=False)
    hospital = Hospital(asked(donation)[1])
    first = hospital.page
    hospital.page = hospital.client.post("/hospital/", {"code": asked(other)[1]})["Location"]
    hospital.page, second = first, hospital.page
    hospital.send(make.own_dicom(donation.donor))
    hospital.page = second
    hospital.send(make.own_dicom(other.donor))
    assert {(file.donation_id, file.state) for file in DonatedFile.objects.all()} == {
        (donation.pk, FileState.RECEIVED),
        (other.pk, FileState.RECEIVED),
    }


def test_an_end_between_asking_and_entering_keeps_the_file_out(
    donation: Donation, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation, _ = asked(donation)
    put = entering.storage.put

    def ends_meanwhile(stored: StoredObject, data: Any) -> Written:
        actions.end_invitation(invitation=invitation, by=make.user_of(donation.donor))
        return put(stored, data)

    monkeypatch.setattr(entering.storage, "put", ends_meanwhile)
    with pytest.raises(Gone):
        actions.add_sent(invitation=invitation, stream=BytesIO(make.own_dicom(donation.donor)))
    assert not DonatedFile.objects.exists()
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()


def test_another_day_it_goes_on_where_it_was(donation: Donation) -> None:
    _, code = asked(donation)
    Hospital(code).send(make.own_dicom(donation.donor))
    later = Hospital(code)
    assert "Everything was sent" in later.read()
    later.send(make.own_dicom(donation.donor))
    later.client.post("/hospital/", {"code": code})
    (noted,) = later.client.session["hospital"].values()
    assert noted["taken"] == 1, "the code typed again in the same browser forgets nothing"
    assert later.finish()["Location"] == "/hospital/sent/"


def test_finishing_needs_something_and_says_so(donation: Donation) -> None:
    hospital = Hospital(asked(donation)[1])
    assert hospital.finish()["Location"] == hospital.page
    page = hospital.read()
    assert "Nothing has arrived yet" in page
    assert "Everything was sent" not in page
    assert Invitation.objects.get().state == InvitationState.OPEN


def test_letters_are_numbered_and_not_without_end(donation: Donation) -> None:
    assert [asked(donation)[0].number for _ in range(MOST)] == list(range(1, MOST + 1))
    with pytest.raises(Conflict, match="many hospitals"):
        asked(donation)
    actions.end_invitation(invitation=Invitation.objects.get(number=1), by=make.user_of(donation.donor))
    assert asked(donation)[0].number == MOST + 1


def test_it_lasts_as_long_as_the_letter_says(donation: Donation) -> None:
    invitation, _ = asked(donation)
    assert invitation.expires_at - invitation.made_at == LASTS


@pytest.mark.parametrize(
    "change", [{"state": "lost"}, {"state": "finished"}, {"closed_at": timezone.now()}, {"number": 2}]
)
def test_the_database_refuses_what_cannot_be(donation: Donation, change: dict[str, Any]) -> None:
    first, _ = asked(donation)
    asked(donation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=first.pk).update(**change)

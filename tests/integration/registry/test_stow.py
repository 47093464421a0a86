"""STOW-RS (PS3.18 section 10.5): what is stored, what each part is answered, and that a token is for one donation."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage

from core.accounts.actions import make_token, revoke_token
from core.accounts.models import ApiToken, Programme
from core.accounts.roles import Scope
from core.errors import Conflict, Invalid, Missing
from core.storage import work as storage
from registry import actions
from registry.models import DonatedFile
from registry.rules.lifecycle import FileState
from registry.rules.stow import Reason
from tests.factories import consent
from tests.factories import registry as make
from tests.hostile.bodies import RELATED, body
from tests.integration.registry.stow import Sender

pytestmark = pytest.mark.django_db


def uids(data: bytes) -> tuple[str, str]:
    """(study, instance)."""
    found = dcmread(BytesIO(data))
    return found.StudyInstanceUID, found.SOPInstanceUID


def test_what_is_sent_is_stored_and_named(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender = Sender.of(donor)
    files = [make.own_dicom(donor), make.own_dicom(donor)]
    answer = sender.post(body(files), RELATED)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/dicom+json")
    found = Dataset.from_json(answer.json())
    assert [item.ReferencedSOPInstanceUID for item in found.ReferencedSOPSequence] == [uids(data)[1] for data in files]
    assert {item.ReferencedSOPClassUID for item in found.ReferencedSOPSequence} == {CTImageStorage}
    assert (found.RetrieveURL, "FailedSOPSequence" in found) == ("", False)
    kept = DonatedFile.objects.filter(donation=sender.donation).order_by("id")
    assert [storage.read(file.stored) for file in kept] == files
    assert sender.post(body(files), RELATED).status_code == 200
    assert kept.count() == 2


def test_some_stored_is_202_and_none_is_409(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender = Sender.of(donor)
    good = make.own_dicom(donor)
    some = sender.post(body([b"MZ a program", good]), RELATED)
    assert some.status_code == 202
    assert some.json()["0008119A"]["Value"] == [{"00081197": {"vr": "US", "Value": [Reason.CANNOT_UNDERSTAND]}}]
    assert len(some.json()["00081199"]["Value"]) == 1
    none = sender.post(body([b"MZ a program"]), RELATED)
    assert (none.status_code, "00081199" in none.json()) == (409, False)


def test_a_study_in_the_address_takes_no_other(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender = Sender.of(donor)
    mine, other = make.own_dicom(donor), make.own_dicom(donor)
    answer = sender.post(body([mine, other]), RELATED, study=uids(mine)[0])
    assert answer.status_code == 202
    (failed,) = Dataset.from_json(answer.json()).FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == (uids(other)[1], Reason.OTHER_STUDY)
    assert DonatedFile.objects.filter(donation=sender.donation).count() == 1
    assert sender.post(body([mine]), RELATED, study="../../etc").status_code in (400, 404)


def test_the_answer_can_be_xml_and_nothing_else(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender = Sender.of(donor)
    data = make.own_dicom(donor)
    answer = sender.post(body([data, b"x"]), RELATED, Accept="application/dicom+xml")
    assert (answer.status_code, answer["Content-Type"]) == (202, "application/dicom+xml")
    root = ElementTree.fromstring(answer.content)
    space = "{http://dicom.nema.org/PS3.19/models/NativeDICOM}"
    item = root.find(f"{space}DicomAttribute[@keyword='ReferencedSOPSequence']/{space}Item")
    assert item is not None
    value = item.find(f"{space}DicomAttribute[@keyword='ReferencedSOPInstanceUID']/{space}Value")
    assert value is not None
    assert value.text == uids(data)[1]
    assert sender.post(body([data]), RELATED, Accept="text/html").status_code == 406


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_a_header_says_is_not_said_again_where_it_is_no_uid(programme: Programme) -> None:
    sender = Sender.of(consent.donor(programme))
    answer = sender.post(body([make.dicom(SOPInstanceUID="<b>Edith</b>")]), RELATED)
    assert (answer.status_code, b"Edith" in answer.content) == (200, False)


def test_a_name_that_is_not_the_donors_is_asked_about_and_not_told_to_the_sender(programme: Programme) -> None:
    sender = Sender.of(consent.donor(programme))
    answer = sender.post(body([make.dicom("Somebody^Else", "19330303")]), RELATED)
    assert answer.status_code == 200
    assert DonatedFile.objects.get(donation=sender.donation).state == FileState.HELD


def test_a_token_is_for_one_donation_while_it_takes_images(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender, by = Sender.of(donor), make.user_of(donor)
    sender.post(body([make.own_dicom(donor)]), RELATED)
    for path in ("donations/", f"donations/{sender.donation.pk}/"):
        assert Client().get(f"/api/v1/{path}", headers=sender.headers).status_code == 403
    actions.submit_donation(donation=sender.donation, by=by)
    late = sender.post(body([make.own_dicom(donor)]), RELATED)
    assert (late.status_code, late.json()["code"]) == (409, "closed")
    with pytest.raises(Conflict, match="sent off"):
        actions.make_sender(donation=sender.donation, name="x", days=1, by=by)
    new = actions.start_donation(donor=donor, by=by)
    assert sender.post(body([make.own_dicom(donor)]), RELATED).status_code == 409
    assert not new.files.exists()
    revoke_token(token=ApiToken.objects.get(), by=by)
    assert sender.post(body([make.own_dicom(donor)]), RELATED).status_code == 401


def test_nothing_is_taken_from_who_left(programme: Programme) -> None:
    donor = consent.donor(programme)
    sender = Sender.of(donor)
    consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    assert sender.post(body([make.own_dicom(donor)]), RELATED).status_code == 409
    assert not DonatedFile.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": [Scope.STOW]},
        {"scopes": [Scope.STOW, Scope.DONATIONS], "bound": True},
        {"scopes": [Scope.DONATIONS], "bound": True},
    ],
)
def test_a_token_for_sending_is_bound_and_can_do_nothing_else(programme: Programme, wrong: Any) -> None:
    donor = consent.donor(programme)
    by = make.user_of(donor)
    donation = actions.start_donation(donor=donor, by=by)
    bound_to = donation.pk if wrong.get("bound") else None
    with pytest.raises(Invalid, match="nothing else"):
        make_token(user=by, name="x", scopes=wrong["scopes"], days=1, by=by, bound_to=bound_to)
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_for_anothers_donation(programme: Programme) -> None:
    donation = actions.start_donation(donor=(donor := consent.donor(programme)), by=make.user_of(donor))
    stranger = make.user_of(consent.donor(programme))
    with pytest.raises(Missing):
        actions.make_sender(donation=donation, name="x", days=1, by=stranger)
    _, text = make_token(user=stranger, name="x", scopes=[Scope.STOW], days=1, by=stranger, bound_to=donation.pk)
    assert Sender(donation, text).post(body([make.dicom()]), RELATED).status_code == 404


def test_the_page_shows_the_token_once(programme: Programme) -> None:
    donor = consent.donor(programme)
    donation = actions.start_donation(donor=donor, by=make.user_of(donor))
    client = Client()
    client.force_login(make.user_of(donor))
    address = f"/donations/{donation.pk}/senders/"
    page = client.post(address, {"name": "St Mary's", "days": "7"}).content.decode()
    assert page.count("donara_") == 1
    again = client.get(address).content.decode()
    assert ("donara_" in again, "St Mary&#x27;s" in again) == (False, True)

"""The page of an open donation says which promised files are missing, and nothing is sent without them unasked."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from registry import queries
from registry.models import Donation, Upload
from registry.rules.lifecycle import DonationState, UploadState
from tests.factories import registry as make
from tests.integration.registry.test_resuming import JSON, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(donation: Donation) -> Client:
    """The donor's browser."""
    client = Client()
    client.force_login(make.user_of(donation.donor))
    return client


def promise(client: Client, donation: Donation, *files: bytes) -> list[dict[str, Any]]:
    """Sends the manifest of these files."""
    answer = client.post(f"/donations/{donation.pk}/manifest/", listed(*files), content_type=JSON)
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


def send(client: Client, address: str, data: bytes) -> None:
    """Sends the whole of a file."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    kind = "application/offset+octet-stream"
    assert client.patch(address, data, content_type=kind, headers=headers).status_code == 204


def shown(client: Client, donation: Donation) -> str:
    return client.get(f"/donations/{donation.pk}/").content.decode()


def test_the_page_says_what_has_not_arrived_until_it_has(client: Client, donation: Donation) -> None:
    files = [make.own_dicom(donation.donor) for _ in range(3)]
    assert "not arrived" not in shown(client, donation)
    places = [each["upload"] for each in promise(client, donation, *files)]
    assert "3 of 3 pictures have not arrived." in shown(client, donation)
    for left, sentence in ((2, "2 of 3 pictures have not arrived."), (1, "1 of 3 pictures has not arrived.")):
        send(client, places[left], files[left])
        assert sentence in shown(client, donation)
    send(client, places[0], files[0])
    assert "not arrived" not in shown(client, donation)


def test_what_is_no_image_and_what_is_too_late_is_not_waited_for(client: Client, donation: Donation) -> None:
    (letter, lost) = promise(client, donation, b"a letter", make.own_dicom(donation.donor))
    send(client, letter["upload"], b"a letter")
    assert queries.lacking(donation) == queries.Lacking(missing=1, promised=1)
    Upload.objects.filter(pk=lost["upload"].split("/")[-2]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.lacking(donation) == queries.Lacking(missing=0, promised=0)


def test_nothing_is_sent_without_them_unasked(client: Client, donation: Donation) -> None:
    first, second = (make.own_dicom(donation.donor) for _ in range(2))
    told = promise(client, donation, first, second)
    send(client, told[0]["upload"], first)
    page = f"/donations/{donation.pk}/send/"
    for said in ({}, {"without": "no"}):
        asked = client.post(page, said)
        assert asked.status_code == 200
        assert "1 of 2 pictures has not arrived." in asked.content.decode()
        donation.refresh_from_db()
        assert donation.state == DonationState.OPEN
    assert Upload.objects.filter(state=UploadState.OPEN).count() == 1, "it can still be sent"
    client.post(page, {"without": "yes"})
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED


def test_a_session_does_not_end_while_files_are_promised(client: Client, donation: Donation) -> None:
    session = Session.objects.filter(pk=client.session.session_key)
    soon, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=47)
    session.update(expire_date=soon)
    shown(client, donation)
    assert session.get().expire_date == soon
    promise(client, donation, make.own_dicom(donation.donor))
    assert session.get().expire_date > later

"""The tus protocol at the API's door, header by header (https://tus.io/protocols/resumable-upload)."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from core.accounts.roles import Scope
from core.ids import new_id
from core.storage.models import StoredObject
from core.storage.zones import ObjectState
from registry.models import DonatedFile, Donation, Upload
from registry.rules import archive
from tests.factories import consent
from tests.factories import registry as make
from tests.integration.registry.test_api import Program

pytestmark = pytest.mark.django_db
MEDIA = "application/offset+octet-stream"


class Sender(Program):
    """A program that speaks tus for a donor."""

    def __init__(self, donation: Donation) -> None:
        super().__init__(make.user_of(donation.donor), Scope.DONATIONS)
        self.base = f"/api/v1/donations/{donation.pk}/uploads/"

    def ask(self, method: str, address: str, body: bytes = b"", **headers: Any) -> Any:
        """One request; `_` in a header's name stands for a hyphen, and None leaves a header away."""
        kind = headers.pop("content_type", MEDIA)
        said = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        said = {name: str(value) for name, value in said.items() if value is not None}
        answer = self.client.generic(method, address, body, content_type=kind, headers={**self.headers, **said})
        assert answer["Tus-Resumable"] == "1.0.0"
        return answer

    def begin(self, length: int, **headers: Any) -> Any:
        """A creation without bytes."""
        return self.ask("POST", self.base, content_type="", Upload_Length=length, **headers)

    def add(self, address: str, offset: int, body: bytes, **headers: Any) -> Any:
        """One part."""
        return self.ask("PATCH", address, body, Upload_Offset=offset, **headers)


@pytest.fixture
def sender(donation: Donation) -> Sender:
    """Its donor's program."""
    return Sender(donation)


def checksum(algorithm: str, data: bytes) -> str:
    """The header's value for these bytes."""
    digest = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


def metadata(data: bytes) -> str:
    """What a browser says of a file, its name too."""
    pairs = {"filename": "Smith^John.dcm", "sha256": hashlib.sha256(data).hexdigest()}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items()) + ",empty"


def test_a_file_begun_looked_at_continued_and_taken(sender: Sender, donation: Donation) -> None:
    data = make.own_dicom(donation.donor)
    begun = sender.begin(len(data), Upload_Metadata=metadata(data))
    assert (begun.status_code, begun["Upload-Expires"].endswith("GMT")) == (201, True)
    address = begun["Location"]
    looked = sender.ask("HEAD", address)
    assert (looked.status_code, looked.content, looked["Cache-Control"]) == (200, b"", "no-store")
    assert (looked["Upload-Offset"], looked["Upload-Length"]) == ("0", str(len(data)))
    assert "filename" not in looked["Upload-Metadata"]
    first = sender.add(address, 0, data[:100], Upload_Checksum=checksum("sha1", data[:100]))
    assert (first.status_code, first["Upload-Offset"]) == (204, "100")
    assert "Upload-Expires" in first
    assert sender.ask("HEAD", address)["Upload-Offset"] == "100"
    last = sender.ask(
        "POST",
        address,
        data[100:],
        X_HTTP_Method_Override="PATCH",
        Upload_Offset=100,
        Upload_Checksum=checksum("sha256", data[100:]),
    )
    assert (last.status_code, last["Upload-Offset"], last["Donara-Outcome"]) == (204, str(len(data)), "received")
    assert sender.ask("HEAD", address)["Upload-Offset"] == str(len(data))
    told = sender.get(address.removeprefix("/api/v1/")).json()
    assert (told["state"], told["outcome"]) == ("taken", "received")
    assert DonatedFile.objects.get().sha256 == hashlib.sha256(data).hexdigest()
    assert sender.ask("DELETE", address).status_code == 403


def test_creation_with_the_first_bytes_and_with_all(sender: Sender, donation: Donation) -> None:
    first, second = (make.own_dicom(donation.donor) for _ in range(2))
    whole = sender.ask("POST", sender.base, first, Upload_Length=len(first), Upload_Checksum=checksum("sha1", first))
    assert (whole.status_code, whole["Upload-Offset"], whole["Donara-Outcome"]) == (201, str(len(first)), "received")
    part = sender.ask("POST", sender.base, second[:64], Upload_Length=len(second))
    assert (part.status_code, part["Upload-Offset"]) == (201, "64")
    assert sender.add(part["Location"], 64, second[64:]).status_code == 204
    empty = sender.begin(0)
    assert (empty.status_code, empty["Donara-Outcome"]) == (201, "refused")
    assert DonatedFile.objects.count() == 2


def told(answer: Any) -> list[Any]:
    """What became of a file, or of those in it: outcome, number, sentence."""
    found: list[Any] = json.loads(unquote(answer.get("Donara-Told", "[]")))
    return found


def test_what_became_of_each_file_in_a_zip_is_told_to_whoever_sent_it_whole(sender: Sender, donation: Donation) -> None:
    scans = [make.own_dicom(donation.donor) for _ in range(3)]
    files = {"DICOM/1": scans[0], "DICOM/2": scans[1], "DICOM/3": scans[2], "README": b"read me"}
    bad = bytearray(make.zipped(files))
    for crc in (bad.index(b"DICOM/3") - 16, bad.rindex(b"DICOM/3") - 30):
        bad[crc] ^= 1
    answer = sender.ask("POST", sender.base, bytes(bad), Upload_Length=len(bad))
    assert answer["Donara-Outcome"] == "unpacked"
    counts = {(outcome, number) for outcome, number, _ in told(answer)}
    assert counts == {("received", 2), ("refused", 1), ("skipped", 1)}
    assert [text for outcome, _, text in told(answer) if outcome == "refused"] == [archive.DAMAGED_MEMBER]
    locked = make.locked(make.zipped({"DICOM/1": make.own_dicom(donation.donor)}))
    answer = sender.ask("POST", sender.base, locked, Upload_Length=len(locked))
    ((outcome, number, sentence),) = told(answer)
    assert (outcome, number) == ("refused", 1)
    assert "locked with a password" in sentence


@pytest.mark.parametrize(
    ("size", "body", "checked", "status"),
    [(9, b"some", b"other", 460), (3, b"some", b"some", 413), (0, b"some", b"", 413)],
)
def test_a_creation_whose_first_bytes_are_refused_leaves_nothing_that_would_be_missed(
    sender: Sender, size: int, body: bytes, checked: bytes, status: int
) -> None:
    said = {"Upload_Checksum": checksum("sha1", checked)} if checked else {}
    assert sender.ask("POST", sender.base, body, Upload_Length=size, **said).status_code == status
    assert Upload.objects.get().state == "ended"
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PATCH", {"Tus_Resumable": None}, 412),
        ("PATCH", {"Tus_Resumable": "0.2.2"}, 412),
        ("HEAD", {"Tus_Resumable": None}, 412),
        ("PATCH", {"content_type": "application/octet-stream"}, 415),
        ("PATCH", {"Upload_Offset": 1}, 409),
        ("PATCH", {"Upload_Offset": None}, 400),
        ("PATCH", {"Upload_Offset": "-1"}, 400),
        ("PATCH", {"Upload_Offset": "1" * 400}, 400),
        ("PATCH", {"Upload_Checksum": "md5 1B2M2Y8AsgTpgAmY7PhCfg=="}, 400),
        ("PATCH", {"Upload_Checksum": "sha1 &&&"}, 400),
        ("PATCH", {"Upload_Checksum": "sha1"}, 400),
        ("PATCH", {"Upload_Checksum": checksum("sha1", b"other")}, 460),
        ("PATCH", {"X_HTTP_Method_Override": "PUT"}, 405),
    ],
)
def test_what_is_not_the_protocol_is_refused_and_counts_nothing(
    sender: Sender, method: str, headers: dict[str, Any], status: int
) -> None:
    address = sender.begin(9)["Location"]
    answer = sender.ask(method, address, b"some", **{"Upload_Offset": 0, **headers})
    assert answer.status_code == status
    assert status != 412 or answer["Tus-Version"] == "1.0.0"
    assert (Upload.objects.get().offset, Upload.objects.get().state) == (0, "open")
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload_Defer_Length": 1}, 400),
        ({"Upload_Length": 1 << 42}, 413),
        ({"Upload_Length": "x"}, 400),
        ({"Upload_Length": 9, "Upload_Metadata": "sha256 c2hvcnQ="}, 400),
        ({"Upload_Length": 9, "Upload_Metadata": "sha256 ???"}, 400),
    ],
)
def test_an_upload_that_cannot_be_is_not_begun(sender: Sender, headers: dict[str, Any], status: int) -> None:
    assert sender.ask("POST", sender.base, content_type="", **headers).status_code == status
    assert not Upload.objects.exists()


def test_an_upload_is_stopped_and_is_gone(sender: Sender) -> None:
    address = sender.begin(9)["Location"]
    sender.add(address, 0, b"some")
    assert sender.ask("DELETE", address).status_code == 204
    assert sender.ask("DELETE", address).status_code == 204
    assert sender.ask("HEAD", address).status_code == 410
    assert sender.add(address, 4, b"bytes").status_code == 410
    assert not StoredObject.objects.exclude(state=ObjectState.ERASED).exists()


def test_what_is_spoken_is_said(sender: Sender) -> None:
    answer = sender.ask("OPTIONS", sender.base, Tus_Resumable=None)
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Checksum-Algorithm"]) == (
        204,
        "1.0.0",
        "sha1,sha256",
    )
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "checksum",
        "expiration",
        "termination",
    }
    assert int(answer["Tus-Max-Size"]) > 0


def test_a_manifest_leads_to_uploads_that_go_on_where_they_were(sender: Sender, donation: Donation) -> None:
    files = [make.own_dicom(donation.donor) for _ in range(3)]
    listed = [
        {"index": n, "size": len(f), "sha256": hashlib.sha256(f).hexdigest(), "series": 0} for n, f in enumerate(files)
    ]
    address = f"donations/{donation.pk}/manifest/"
    answer = sender.post(address, {"files": listed}).json()["files"]
    assert [(each["index"], each["standing"], each["offset"]) for each in answer] == [
        (n, "missing", 0) for n in range(3)
    ]
    sender.add(answer[0]["upload"], 0, files[0])
    sender.add(answer[1]["upload"], 0, files[1][:50])
    again = sender.post(address, {"files": listed}).json()["files"]
    assert [(each["standing"], each.get("offset")) for each in again] == [
        ("present", None),
        ("missing", 50),
        ("missing", 0),
    ]
    assert [each["upload"] for each in sender.get(address).json()] == [each["upload"] for each in answer[1:]]
    wrong = [{**listed[0], "name": "Smith"}]
    refused = sender.post(address, {"files": wrong})
    assert (refused.status_code, "Smith" in refused.content.decode()) == (400, False)


def test_nobody_elses_upload_is_there(sender: Sender, donation: Donation) -> None:
    address = sender.begin(9)["Location"]
    other = Sender(make.donation(consent.donor(donation.programme), 0, submitted=False))
    own = address.replace(str(donation.pk), other.base.split("/")[4])
    for place in (address, own, f"{other.base}{new_id()}/"):
        for method in ("HEAD", "PATCH", "DELETE"):
            assert other.ask(method, place, b"some", Upload_Offset=0).status_code == 404
    assert other.ask("POST", sender.base, content_type="", Upload_Length=9).status_code == 404
    assert other.post(f"donations/{donation.pk}/manifest/", {"files": []}).status_code == 404
    assert Upload.objects.get().offset == 0


def test_who_knocks_too_often_waits(sender: Sender, donation: Donation, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"upload_parts": "2/m/user", "upload_manifest": "1/m/user"}
    assert [sender.begin(9).status_code for _ in range(3)] == [201, 201, 429]
    assert sender.post(f"donations/{donation.pk}/files/", b"x", "application/dicom").status_code == 429
    page = Client()
    page.force_login(make.user_of(donation.donor))
    assert page.post(f"/donations/{donation.pk}/files/").status_code == 429
    posts = [sender.post(f"donations/{donation.pk}/manifest/", {"files": []}) for _ in range(2)]
    assert [answer.status_code for answer in posts] == [400, 429]
    assert "wait a minute" in posts[1].json()["title"]

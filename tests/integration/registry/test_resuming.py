"""The upload page's own door for files in parts: signed in, with the CSRF token, for one's own donation alone."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from registry.models import DonatedFile, Donation, Upload
from tests.factories import consent
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
TOKEN = "t" * 32
JSON = "application/json"
TUS = {"Tus-Resumable": "1.0.0"}


class Page:
    """A donor's browser at the upload page."""

    def __init__(self, donation: Donation, donor: Any = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies["csrftoken"] = TOKEN
        if donor is not None:
            self.client.force_login(make.user_of(donor))
        self.base = f"/donations/{donation.pk}/"

    def ask(self, method: str, address: str, body: Any = b"", kind: str = JSON, **headers: Any) -> Any:
        """One request of the page's script; `csrf=False` leaves the token away."""
        said = {"X-CSRFToken": TOKEN} if headers.pop("csrf", True) else {}
        said |= {name.replace("_", "-"): str(value) for name, value in headers.items()} | TUS
        place = address if address.startswith("/") else self.base + address
        return self.client.generic(method, place, body, content_type=kind, headers=said)


def listed(*files: bytes) -> dict[str, Any]:
    """The manifest of these files."""
    rows = [(number, len(data), hashlib.sha256(data).hexdigest()) for number, data in enumerate(files)]
    return {"files": [{"index": number, "size": size, "sha256": sha256} for number, size, sha256 in rows]}


def test_a_page_sends_a_folder_in_parts(donation: Donation) -> None:
    page, data = Page(donation, donation.donor), make.own_dicom(donation.donor)
    post = page.client.post
    headers = {"X-CSRFToken": TOKEN}
    told = post(page.base + "manifest/", listed(data), content_type=JSON, headers=headers).json()["files"]
    assert (told[0]["standing"], told[0]["offset"]) == ("missing", 0)
    address, kind = told[0]["upload"], "application/offset+octet-stream"
    assert address.startswith(page.base)
    assert page.ask("HEAD", address)["Upload-Offset"] == "0"
    assert page.ask("PATCH", address, data[:99], kind, Upload_Offset=0).status_code == 204
    early = page.ask("POST", "complete/")
    assert (early.status_code, early.json()["code"]) == (409, "incomplete")
    last = page.ask("PATCH", address, data[99:], kind, Upload_Offset=99)
    assert (last.status_code, last["Donara-Outcome"]) == (204, "received")
    receipt = page.ask("POST", "complete/").json()
    assert receipt == page.ask("POST", "complete/").json()
    assert receipt["files"] == [{"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}]
    begun = page.ask("POST", "uploads/", kind="", Upload_Length=9)
    assert (begun.status_code, begun.json()["code"]) == (409, "closed")


def test_without_the_token_a_session_or_the_right_person_nothing_happens(donation: Donation) -> None:
    page = Page(donation, donation.donor)
    address = page.ask("POST", "uploads/", kind="", Upload_Length=9)["Location"]
    stranger, nobody = Page(donation, consent.donor(donation.programme)), Page(donation)
    kind = "application/offset+octet-stream"
    deeds = (("POST", "manifest/", JSON), ("POST", "uploads/", ""), ("PATCH", address, kind), ("DELETE", address, ""))
    for method, place, sent in deeds:
        said = {"Upload_Offset": 0, "Upload_Length": 9}
        assert page.ask(method, place, b"some", sent, csrf=False, **said).status_code == 403
        assert stranger.ask(method, place, b"some", sent, **said).status_code == 404
        signed_out = nobody.ask(method, place, b"some", sent, **said)
        assert (signed_out.status_code, signed_out.json()["code"]) == (401, "signed_out")
    assert stranger.ask("HEAD", address).status_code == 404
    assert stranger.ask("POST", "complete/").status_code == 404
    assert (Upload.objects.get().offset, DonatedFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 200_000, b"\xff", b'{"files": 1}', b"[]", b"null"])
def test_a_manifest_that_cannot_be_read_is_refused(donation: Donation, body: bytes) -> None:
    answer = Page(donation, donation.donor).ask("POST", "manifest/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "manifest")

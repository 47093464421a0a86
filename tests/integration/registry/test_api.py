"""The same deeds through the API: tokens and scopes, raw and multipart bodies, uploads that break off, others' ids."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.actions import make_token
from core.accounts.models import Programme, User
from core.accounts.roles import Role, Scope
from core.ids import new_id
from core.storage.models import StoredObject
from registry import actions, queries
from registry.models import AccessRequest, Donation
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


class Program:
    """A program that acts for a user with a token."""

    def __init__(self, user: User, *scopes: Scope) -> None:
        _, text = make_token(user=user, name="test", scopes=[s.value for s in scopes], days=1, by=user)
        self.client, self.headers = Client(), {"Authorization": f"Bearer {text}"}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, data: Any = None, content_type: str = "application/json", **more: Any) -> Any:
        return self.client.post(f"/api/v1/{path}", data, content_type=content_type, headers=self.headers, **more)


def test_a_donation_by_a_program(programme: Programme) -> None:
    donor = consent.donor(programme)
    program = Program(make.user_of(donor), Scope.DONATIONS)
    begun = program.post("donations/", {"programme": programme.slug})
    assert begun.status_code == 201
    pk = begun.json()["id"]
    data = make.own_dicom(donor)
    answer = program.post(f"donations/{pk}/files/", data, "application/dicom").json()
    assert [a["outcome"] for a in answer["answers"]] == ["received"]
    assert (
        program.post(f"donations/{pk}/files/", data, "application/dicom").json()["answers"][0]["outcome"] == "duplicate"
    )
    zipped = make.zipped({"a": make.own_dicom(donor), "README": b"hello"})
    outcomes = [
        a["outcome"] for a in program.post(f"donations/{pk}/files/", zipped, "application/zip").json()["answers"]
    ]
    assert outcomes == ["received", "skipped"]
    form = {"images": [SimpleUploadedFile("Name of a person.dcm", make.own_dicom(donor)) for _ in range(2)]}
    sent = program.client.post(f"/api/v1/donations/{pk}/files/", form, headers=program.headers)
    assert [a["outcome"] for a in sent.json()["answers"]] == ["received", "received"]
    assert program.get(f"donations/{pk}/").json()["files"] == {"received": 4}
    assert program.post(f"donations/{pk}/submit/").json()["state"] == "submitted"
    assert program.post(f"donations/{pk}/submit/").json()["state"] == "submitted"
    assert program.get("donations/").json()["results"][0]["id"] == pk
    late = program.post(f"donations/{pk}/files/", data, "application/dicom")
    assert (late.status_code, late.json()["code"]) == (409, "closed")
    assert late.headers["Content-Type"] == "application/problem+json"


def test_an_upload_that_breaks_off_leaves_nothing(programme: Programme) -> None:
    donor = consent.donor(programme)
    program = Program(make.user_of(donor), Scope.DONATIONS)
    pk = program.post("donations/", {"programme": programme.slug}).json()["id"]
    data = make.own_dicom(donor)
    broken = program.post(f"donations/{pk}/files/", data, "application/dicom", **{"wsgi.input": BytesIO(data[:500])})
    assert (broken.status_code, broken.json()["code"]) == (400, "broken_off")
    assert not StoredObject.objects.exists()
    whole = program.post(f"donations/{pk}/files/", data, "application/dicom")
    assert whole.json()["answers"][0]["outcome"] == "received"


def test_what_is_too_large_is_refused_before_it_is_read(programme: Programme, settings: Any) -> None:
    settings.UPLOAD_FILE_BYTES, settings.UPLOAD_ARCHIVE_BYTES = 3_000, 6_000
    donor = consent.donor(programme)
    program = Program(make.user_of(donor), Scope.DONATIONS)
    pk = program.post("donations/", {"programme": programme.slug}).json()["id"]
    large = make.own_dicom(donor, PixelData=b"\0" * 4_000, Rows=40, Columns=50)
    answer = program.post(f"donations/{pk}/files/", large, "application/dicom").json()["answers"][0]
    assert (answer["outcome"], "larger than we can take" in answer["sentence"]) == ("refused", True)
    bomb = make.zipped({"a": b"\0" * 2_900, "b": b"\0" * 2_900, "c": b"\0" * 2_900})
    answer = program.post(f"donations/{pk}/files/", bomb, "application/zip").json()["answers"][0]
    assert (answer["outcome"], "more than we can take" in answer["sentence"]) == ("refused", True)
    huge = program.post(f"donations/{pk}/files/", b"x" * 7_000, "application/dicom")
    assert (huge.status_code, huge.json()["code"]) == (400, "too_large")
    assert not StoredObject.objects.exists()


def test_anothers_donation_is_not_there_and_scopes_count(programme: Programme) -> None:
    donor, stranger = consent.donor(programme), consent.donor(programme)
    donation = make.donation(donor, 1, submitted=False)
    program = Program(make.user_of(stranger), Scope.DONATIONS)
    for path in (f"donations/{donation.pk}/", f"donations/{new_id()}/"):
        assert program.get(path).status_code == 404
        for deed in ("files/", "submit/"):
            assert program.post(path + deed, b"x", "application/dicom").status_code == 404
    assert Program(make.user_of(donor), Scope.JOBS).get(f"donations/{donation.pk}/").status_code == 403
    assert Client().get(f"/api/v1/donations/{donation.pk}/").status_code == 401
    assert program.post("donations/", {"programme": "no-such"}).status_code == 404
    assert program.post("donations/", {}).status_code == 400
    assert Donation.objects.count() == 1


def test_a_request_by_a_program(programme: Programme, other_programme: Programme) -> None:
    make.images(consent.donor(programme), 1)
    version = make.version(make.dataset(programme))
    researcher = core.user(programme, Role.RESEARCHER)
    program = Program(researcher, Scope.REQUESTS)
    asked = {
        "version": str(version.pk),
        "title": "Spots",
        "aim": "To find spots.",
        "institution": "University of Example",
        "purpose": make.ANSWERS,
    }
    drafted = program.post("requests/", asked)
    assert (drafted.status_code, drafted.json()["state"]) == (201, "draft")
    pk = drafted.json()["id"]
    assert program.post("requests/", asked).json()["id"] == pk
    assert program.post(f"requests/{pk}/submit/").json()["state"] == "submitted"
    for stranger in (core.user(other_programme, Role.RESEARCHER), core.user(programme, Role.RESEARCHER)):
        other = Program(stranger, Scope.REQUESTS)
        assert other.get(f"requests/{pk}/").status_code == 404
        assert other.post(f"requests/{pk}/submit/").status_code == 404
        assert other.get("grants/").json()["results"] == []
    assert (
        Program(core.user(other_programme, Role.RESEARCHER), Scope.REQUESTS).post("requests/", asked).status_code == 404
    )
    odd = program.post("requests/", {**asked, "title": "Other", "purpose": {**make.ANSWERS, "countries": ["??"]}})
    assert (odd.status_code, "title" in odd.json()) == (400, True)
    for member in (core.user(programme, Role.COMMITTEE) for _ in range(2)):
        actions.cast_vote(request=AccessRequest.objects.get(pk=pk), approves=True, reason="Good", by=member)
    (grant,) = program.get("grants/").json()["results"]
    assert (grant["state"], grant["version"], grant["request"]) == ("offered", str(version.pk), pk)
    assert program.get(f"requests/{pk}/").json()["grant"] == grant["id"]
    assert queries.grants_of(researcher).get().pk

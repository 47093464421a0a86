"""Downloading everything: what is in the ZIP is what lies in the stores, is one's own, and what is missing is said."""

import json
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from consent.models import Donor
from consent.web import papers
from core.accounts.models import Programme
from core.accounts.roles import Role
from core.audit.models import Event
from core.errors import Conflict, Missing, Unavailable
from core.storage import work as storage
from core.storage.store import store
from core.storage.zones import Zone
from registry import actions, work
from registry.models import DonatedFile, Image
from registry.queries.takeouts import takeouts_of
from registry.rules.giving_back import Copy
from tests.factories import consent, core
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
BOTH = [copy.value for copy in Copy]


def browser(donor: Donor) -> Client:
    client = Client()
    client.force_login(make.user_of(donor))
    return client


def address(donor: Donor) -> str:
    return f"/my-data/{donor.pk}/download/"


def answer_to(donor: Donor, *copies: str, client: Client | None = None, password: str = core.PASSWORD) -> Any:
    said = {"copies": copies, "password": password}
    return (client or browser(donor)).post(address(donor), said)


def taken(donor: Donor, *copies: str) -> dict[str, bytes]:
    """Every file in the ZIP, by its name; where copies are made first, once workers have made them."""
    answer = answer_to(donor, *(copies or BOTH))
    if answer.status_code == 302:
        assert answer["Location"] == address(donor)
        make_copies(donor)
        answer = answer_to(donor, *(copies or BOTH))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def make_copies(donor: Donor) -> None:
    """As a cleaner does it."""
    for takeout in takeouts_of(donor.pk):
        while work.make_takeout(takeout.pk):
            pass


def manifest_of(files: dict[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["manifest.json"])
    return found


def why_not(files: dict[str, bytes]) -> dict[str, str]:
    """Why something is not here, by its name."""
    return {each["name"]: each["why"] for each in manifest_of(files)["not_here"]}


def test_the_zip_holds_what_lies_in_the_stores_and_every_paper(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    make.images(consent.donor(programme), 1)
    chosen, name = consent.choices(commercial_use=False), f"{donor.person.given_name} {donor.person.family_name}"
    consent.actions.change_choices(donor=donor, choices=chosen, typed_name=name, by=make.user_of(donor))
    files = taken(donor)
    client = browser(donor)
    for signature in donor.signatures.all():
        (pdf,) = (data for name, data in files.items() if name.endswith(f"{signature.pk}.pdf"))
        assert pdf.startswith(b"%PDF")
        (receipt,) = (data for name, data in files.items() if name.endswith(f"{signature.pk}.json"))
        assert receipt == client.get(f"/receipts/{signature.pk}/?format=json").content
    assert json.loads(files["consent/fhir-consent.json"]) == client.get(f"/my-choices/{donor.pk}/consent.json").json()
    events = json.loads(files["consent/history.json"])["events"]
    assert [event["kind"] for event in events] == ["signed", "changed"]
    assert json.loads(files["about-you.json"])["birth_date"] == donor.person.birth_date.isoformat()
    for image in Image.objects.filter(donor=donor):
        assert files[f"cleaned/{image.pk}.dcm"] == storage.read(image.stored)
    for file in DonatedFile.objects.filter(donation__donor=donor):
        data = files[f"as-you-sent-them/{file.pk}.dcm"]
        assert data == storage.read(file.stored)
        assert sha256(data).hexdigest() == file.sha256
    assert len([name for name in files if name.endswith(".dcm")]) == 4
    said = manifest_of(files)
    assert {each["name"]: each["sha256"] for each in said["files"]} == {
        name: sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"
    }
    assert all(each["recorded"] in (None, each["sha256"]) for each in said["files"])
    assert (said["not_here"], said["not_asked_for"], said["could_not_be_made"]) == ([], [], [])
    page = files["index.html"].decode()
    assert page.count("Your receipt of") == 4
    for each in said["files"]:
        assert each["name"].endswith((".dcm", ".html")) or f'href="{each["name"]}"' in page
    assert page.count("2 files.") == 2


def test_it_is_sent_as_a_file_that_no_browser_opens_or_keeps(programme: Programme) -> None:
    donor = consent.donor(programme)
    answer = answer_to(donor)
    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="donara-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert donor.person.family_name not in answer["Content-Disposition"]
    b"".join(answer.streaming_content)


def test_nobody_gets_anothers_and_nobody_gets_it_without_the_password(programme: Programme) -> None:
    donor, other = consent.donor(programme), consent.donor(programme)
    make.images(donor, 1)
    for client in (browser(other), browser_of_staff()):
        assert client.get(address(donor)).status_code == 404
        assert answer_to(donor, *BOTH, client=client).status_code == 404
    assert Client().get(address(donor)).status_code == 302
    assert answer_to(donor, *BOTH, client=Client()).status_code == 302
    for wrong in ("", "not the password"):
        answer = answer_to(donor, *BOTH, password=wrong)
        assert (answer.status_code, answer.streaming) == (200, False)
        assert "assword" in answer.content.decode()
    assert answer_to(donor, "all").streaming is False
    assert not Event.objects.filter(verb="registry.copies_taken").exists()
    with pytest.raises(Missing):
        actions.take_copies(donor_id=donor.pk, copies=[Copy.SENT], by=make.user_of(other))
    with pytest.raises(Missing):
        actions.ask_for_copies(donor_id=donor.pk, by=make.user_of(other))
    taken(donor, Copy.CLEAN)
    assert json.loads(Event.objects.get(verb="registry.copies_taken").data) == {"clean": True, "sent": False}


def browser_of_staff() -> Client:
    client = Client()
    client.force_login(core.user(core.programme("all"), *Role))
    return client


def test_only_the_copies_that_were_asked_for(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    files = taken(donor, Copy.SENT)
    assert [name.partition("/")[0] for name in files if name.endswith(".dcm")] == ["as-you-sent-them"]
    assert manifest_of(files)["not_asked_for"] == ["cleaned"]
    assert "You did not ask for these" in files["index.html"].decode()


def test_who_left_takes_what_is_kept_and_reads_what_was_deleted(programme: Programme, drain: Callable[[], int]) -> None:
    donor = consent.donor(programme)
    make.images(donor, 2)
    consent.actions.withdraw(donor=donor, kind="no_further_use", by=make.user_of(donor))
    at_once = taken(donor)
    assert not [name for name in at_once if name.endswith(".dcm")]  # also while the bytes are still there
    drain()
    client = browser(donor)
    assert address(donor) in client.get("/my-data/").content.decode()
    assert "There are none here now." in client.get(address(donor)).content.decode()
    files = taken(donor, Copy.CLEAN)
    assert not [name for name in files if name.endswith(".dcm")]
    said = manifest_of(files)
    assert len(said["not_here"]) == 4
    assert all(each["why"] == "erased" and each["erased_at"] and each["recorded"] for each in said["not_here"])
    assert "deleted, or being deleted now" in files["index.html"].decode()
    (certificate,) = (json.loads(data) for name, data in files.items() if name.startswith("withdrawals/"))
    assert certificate["type"] == "withdrawal certificate"
    assert [event["kind"] for event in json.loads(files["consent/history.json"])["events"]] == ["signed", "withdrawn"]
    assert any(name.endswith(".pdf") for name in files)


def test_what_may_be_somebody_elses_is_not_handed_back(programme: Programme) -> None:
    donor = consent.donor(programme)
    recalled, head, fine = make.images(donor, 3)
    Image.objects.filter(pk=recalled.pk).update(state="recalled")
    Image.objects.filter(pk=head.pk).update(undefaced_head=True)
    open_one = make.donation(donor, 1, submitted=False)
    make.upload(open_one, make.dicom("Otherperson^Olga", "19301212"), make.user_of(donor))
    held = DonatedFile.objects.get(state="held")
    strangers = make.donation(consent.donor(programme), 1)
    wrong = DonatedFile.objects.get(donation=open_one, state="received")
    DonatedFile.objects.filter(pk=wrong.pk).update(state="quarantined", reason="wrong_person")
    files = taken(donor)
    assert why_not(files) == {
        f"cleaned/{recalled.pk}.dcm": "stopped",
        f"cleaned/{head.pk}.dcm": "head",
        f"as-you-sent-them/{recalled.file_id}.dcm": "stopped",
        f"as-you-sent-them/{held.pk}.dcm": "held",
        f"as-you-sent-them/{wrong.pk}.dcm": "stopped",
    }
    assert {name for name in files if name.endswith(".dcm")} == {
        f"cleaned/{fine.pk}.dcm",
        f"as-you-sent-them/{fine.file_id}.dcm",
        f"as-you-sent-them/{head.file_id}.dcm",
    }
    assert b"Otherperson" not in b"".join(files.values())
    assert not [name for name in files if str(strangers.files.get().pk) in name]


def test_files_as_they_were_sent_are_not_taken_before_a_worker_has_copied_them(programme: Programme) -> None:
    donor = consent.donor(programme)
    make.images(donor, 1)
    with pytest.raises(Conflict, match="has to be made first"):
        actions.take_copies(donor_id=donor.pk, copies=[Copy.SENT], by=make.user_of(donor))
    assert not Event.objects.filter(verb="registry.copies_taken").exists()
    assert list(actions.take_copies(donor_id=donor.pk, copies=[Copy.CLEAN], by=make.user_of(donor)))


def test_what_vanishes_or_changes_on_the_way_is_said(programme: Programme) -> None:
    donor = consent.donor(programme)
    gone, changed, cut = make.images(donor, 3)
    store().delete(Zone.CLEAN, gone.stored.key)
    store().delete(Zone.CLEAN, changed.stored.key)
    store().put(Zone.CLEAN, changed.stored.key, BytesIO(b"other bytes"))
    with store().open(Zone.CLEAN, cut.stored.key) as stream:
        sealed = stream.read()
    store().replace(Zone.CLEAN, cut.stored.key, BytesIO(sealed[:-1]))
    files = taken(donor, Copy.CLEAN)
    assert why_not(files) == {f"cleaned/{gone.pk}.dcm": "erased"}
    page = files["index.html"].decode()
    assert "These are not what you once gave" in page
    assert page.count(str(changed.pk)) == page.count(str(cut.pk)) == 1


def test_a_machine_that_makes_no_pdf_still_gives_the_rest(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: Any) -> bytes:
        raise Unavailable("The PDF cannot be made at the moment.", "no_pdf")

    monkeypatch.setattr(papers, "pdf", absent)
    donor = consent.donor(programme)
    files = taken(donor)
    assert not [name for name in files if name.endswith(".pdf")]
    assert len(manifest_of(files)["could_not_be_made"]) == 1
    assert "could not be made just now" in files["index.html"].decode()


def test_many_files_are_listed_a_batch_at_a_time(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.queries.given.BATCH", 2)
    donor = consent.donor(programme)
    make.images(donor, 5)
    files = taken(donor)
    assert len([name for name in files if name.endswith(".dcm")]) == 10
